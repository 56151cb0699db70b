import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

const children = new Set<ChildProcess>()

/** This very program in another process, in the role that its first argument names: what it measures has a process of its own. */
export const forkRole = (role: string, ...args: string[]) => forkProgram(process.argv[1] ?? '', [role, ...args], process.env)

export function forkProgram(path: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  // Its output is none of the report's; what it says about a fault is.
  const child = fork(path, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

/** The first message of a child. Rejects when it ends without one. */
export async function answerOf<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController()
  child.once('exit', () => ended.abort())
  try {
    const [message] = await once(child, 'message', { signal: ended.signal })
    return message as T
  } catch {
    throw new Error(`${child.spawnargs.slice(1, 4).join(' ')} ended with ${child.exitCode ?? child.signalCode} and without an answer`)
  }
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

export function killChildren(): void {
  for (const child of children) child.kill('SIGKILL')
}

/** Linux counts a process's time in hundredths of a second, whatever its kernel's clock. */
const msPerTick = 10

/** User and system time of a process so far in ms, which other load on the machine changes little; null where there is no /proc. */
export function cpuMsOf({ pid }: ChildProcess): number | null {
  try {
    // The name, in brackets, may hold anything; utime and stime are the 12th and 13th fields after it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * msPerTick
  } catch {
    return null
  }
}
