import { ConfigFault, type Env, readConfig, settingNames } from '../../config'

/** A Worker has no address, file or folder of its own; and it is production. */
const notForWorkers = ['APP_ENV', 'HOST', 'PORT', 'DATABASE_PATH', 'WORKERD_DATA_DIR']

/** Of `file` and the environment, which wins, what a Worker reads. */
export function settingsFor(file: Env, environment: Env): Record<string, string> {
  const both = { ...file, ...environment }
  const given = settingNames.filter((name) => !notForWorkers.includes(name) && both[name] !== undefined && both[name] !== '')
  return Object.fromEntries(given.map((name) => [name, both[name] ?? '']))
}

/** In the place of what the Worker has already: Cloudflare tells the names of secrets and no values. */
const standIns: Record<string, string> = {
  SECRET_KEY: '-'.repeat(32),
  PUBLIC_URL: 'https://there.invalid',
  SMS_PROVIDER: '',
  TWILIO_ACCOUNT_SID: 'AC',
  TWILIO_AUTH_TOKEN: '-',
  TWILIO_FROM_NUMBER: '+13235550100',
  TWILIO_MESSAGING_SERVICE_SID: 'MG',
}

/** Every fault that would keep the Worker from starting, a line each. `there`: the names that it has already. */
export function faultsOf(given: Record<string, string>, there: readonly string[], firstStart: boolean): string[] {
  const known = Object.fromEntries(there.filter((name) => standIns[name]).map((name) => [name, standIns[name]]))
  // Which provider it is, only its value says: all that the simulator needs is its name.
  const simulated = there.includes('SMS_PROVIDER') && !given.SMS_PROVIDER && !there.includes('TWILIO_AUTH_TOKEN')
  const faults = []
  try {
    readConfig({ ...known, ...(simulated ? { SMS_PROVIDER: 'simulator' } : {}), ...given, APP_ENV: 'production' }, 'workers')
  } catch (fault) {
    if (!(fault instanceof ConfigFault)) throw fault
    faults.push(...fault.faults)
  }
  if (firstStart && !given.ADMIN_PASSWORD && !there.includes('ADMIN_PASSWORD'))
    faults.push('ADMIN_PASSWORD is missing: nobody could sign in to the new database.')
  return faults
}
