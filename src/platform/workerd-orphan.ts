import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { commandOf } from './node-port'
import { markerName } from './workerd'

type Found = { workerd: number; supervisor: number }

/**
 * After kill -9 of its supervisor workerd lives on and holds the data. Ends the one that keeps `dataDir`, known by the marker in its
 * environment; answers the live supervisor's process id if there is one, and ends nothing. Needs /proc; elsewhere finds nothing.
 */
export async function endOrphan(dataDir: string): Promise<number | null> {
  for (const { workerd, supervisor } of findWorkerd(dataDir)) {
    if (commandOf(supervisor).some((part) => part.endsWith('start-workerd.js'))) return supervisor
    process.kill(workerd, 'SIGKILL')
    while (commandOf(workerd).length > 0) await wait(10)
  }
  return null
}

export function findWorkerd(dataDir: string): Found[] {
  return processes().flatMap((pid) => {
    if (!commandOf(pid)[0]?.endsWith('/workerd')) return []
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${markerName}=${dataDir}`)) return []
      // "pid (name) state parent …": the name may hold spaces.
      const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]
      return [{ workerd: pid, supervisor: Number(parent) }]
    } catch {
      return []
    }
  })
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}
