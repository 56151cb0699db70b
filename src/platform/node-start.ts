import type { Server } from 'node:http'
import { type Config, ConfigFault } from '../config'
import { fail, localAddress } from './node-env'
import { portFault } from './node-port'

/** Resolves to the port, which the system chose where PORT is 0. Ends the process with one line where it cannot be had. */
export function listen(server: Server, { host, port }: Config, command: string): Promise<number> {
  return new Promise((resolve) => {
    server.once('error', (fault: NodeJS.ErrnoException) => fail([portFault(fault.code, host, port, command)]))
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

/** Tells the parent, which prints it. The first password goes along only if it is `.dev.vars`'s, made for a newcomer. */
export function announce(config: Config, port: number, adminMade: boolean): void {
  const ours = config.development && process.env.ADMIN_PASSWORD === undefined
  const firstAdmin = adminMade ? { username: config.adminUsername, password: ours ? config.adminPassword : null } : null
  process.send?.({ ready: true, address: localAddress(config.host, port), firstAdmin })
}

/** Nobody could sign in: the start ends here. SETTINGS_FILE is what a server's units (deploy/systemd) call theirs. */
export const failWithoutAdmin = () =>
  fail([
    `Nobody can sign in: there are no users and ADMIN_PASSWORD is not set. Set it in ${process.env.SETTINGS_FILE ?? '.dev.vars'} and start again.`,
  ])

/** What `main` threw: faults of the settings are lines for people, anything else is a bug and keeps its stack. */
export function failStart(fault: unknown): never {
  const place = process.env.SETTINGS_FILE
  if (fault instanceof ConfigFault) fail([...fault.faults, ...(place ? [`The settings are in ${place}.`] : [])])
  fail([fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)])
}
