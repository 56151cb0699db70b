import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A line for somebody whose start failed with `code` because the address could not be listened on. */
export function portFault(code: string | undefined, host: string, port: number, command: string): string {
  if (code === 'EADDRINUSE') {
    const holder = portHolder(port)
    const by = holder ? ` by process ${holder.pid} (${holder.command})` : ''
    return `Port ${port} on ${host} is taken${by}. Stop that, or start with another port: PORT=${port === 65_535 ? 8787 : port + 1} ${command}`
  }
  if (code === 'EACCES') return `Port ${port} is for the system only (below 1024). Start with another: PORT=8787 ${command}`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST ${host} is not an address of this machine. 127.0.0.1 always is.`
  return `Nothing can listen on ${host}:${port} (${code ?? 'unknown fault'}). Check HOST and PORT.`
}

/** Who listens on a TCP port, from Linux's /proc; null where that cannot be read. */
export function portHolder(port: number): { pid: number; command: string } | null {
  const socket = listeningSocket(port)
  if (!socket) return null
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (holds(pid, socket)) return { pid: Number(pid), command: commandOf(Number(pid)).join(' ').slice(0, 80) }
  }
  return null
}

/** The command line of a process; empty when there is none, or no /proc. */
export function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
  } catch {
    return []
  }
}

/** The inode in `socket:[…]` form. Lines of /proc/net/tcp: slot, local address:port in hex, remote, state (0A listens), …, inode. */
function listeningSocket(port: number): string | null {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    try {
      for (const line of readFileSync(file, 'utf8').split('\n').slice(1)) {
        const fields = line.trim().split(/\s+/)
        if (fields[1]?.endsWith(`:${hex}`) && fields[3] === '0A') return `socket:[${fields[9]}]`
      }
    } catch {}
  }
  return null
}

function holds(pid: string, socket: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === socket)
  } catch {
    return false
  }
}
