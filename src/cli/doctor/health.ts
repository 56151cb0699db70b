import { type Config, ConfigFault } from '../../config'
import { type Answer, type Asking, checkAddress } from '../../doctor/address'
import { type Check, doctor, fault, isSound, lineOf, note, ok } from '../../doctor/check'
import { checkProvider, simulated } from '../../doctor/provider'
import { checkWork } from '../../doctor/work'
import { appliedMigrations, checkFile } from '../../platform/database-health'
import { readMigrations } from '../../platform/node-env'
import { createNodeFetch } from '../../platform/node-fetch'
import { readAccount } from '../../twilio/account'
import { signAsTwilio } from '../../twilio/signature'
import { databasePath, doctorCommand, type Run, readSettings, say, settingsPlace, withDatabase } from './context'

const answerMs = 5000

export const checkHealth: Run = async (_value, { json }) => {
  const checks = (await look()).map(asCalledHere)
  if (json) say(JSON.stringify({ ok: isSound(checks), checks }))
  else for (const check of checks) say(lineOf(check))
  return isSound(checks)
}

const asCalledHere = (check: Check): Check =>
  check.mend === undefined ? check : { ...check, mend: check.mend.replaceAll(doctor, doctorCommand) }

async function look(): Promise<Check[]> {
  const path = databasePath()
  const ofFile = checkFile(path)
  const readable = ofFile.some(({ name, state }) => name === 'database' && state === 'ok')
  const ofMigrations = readable ? checkMigrations(path) : []
  const { config, checks: ofSettings } = checkSettings()
  const checks = [...ofFile, ...ofMigrations, ...ofSettings]
  if (!config) return checks
  if (readable && isSound(ofMigrations)) checks.push(...(await withDatabase(config, path, checkWork)))
  return [...checks, ...(await checkOutside(config))]
}

function checkMigrations(path: string): Check[] {
  const applied = appliedMigrations(path)
  const known = readMigrations().map(({ name }) => name)
  const pending = known.filter((name) => !applied?.has(name))
  const newer = [...(applied?.keys() ?? [])].filter((name) => !known.includes(name))
  if (pending.length > 0) return [fault('migrations', `${pending.length} are not applied: ${pending.join(', ')}.`, `${doctor} --apply`)]
  if (newer.length > 0)
    return [fault('migrations', `The database is of a newer version: it has ${newer.join(', ')}.`, 'Run the newer version of the app.')]
  return [ok('migrations', `All ${known.length} are applied.`)]
}

function checkSettings(): { config: Config | null; checks: Check[] } {
  try {
    const config = readSettings()
    return { config, checks: [ok('settings', `They are sound; ${config.development ? 'development' : 'production'}.`)] }
  } catch (thrown) {
    if (!(thrown instanceof ConfigFault)) throw thrown
    const checks = thrown.faults.map((each) => fault('settings', each, `Set it in ${settingsPlace}.`))
    return { config: null, checks: [...checks, note('provider', 'Not looked at while settings are wrong.')] }
  }
}

async function checkOutside(config: Config): Promise<Check[]> {
  const { twilio, publicUrl, development } = config
  const setting = { publicUrl, development, validateSignature: twilio.validateSignature, authToken: twilio.authToken }
  const ofAddress = checkAddress(setting, asking(twilio.authToken))
  if (config.provider === 'simulator') return [...simulated(), ...(await ofAddress)]
  const options = { ...twilio, timeoutMs: answerMs, fetch: createNodeFetch(), now: () => Date.now() }
  const sender = twilio.messagingServiceSid || twilio.from
  return [...checkProvider(await readAccount(options), { sender, publicUrl, development }), ...(await ofAddress)]
}

const asking = (authToken: string): Asking => ({
  get: (url) => ask(url, {}),
  post: (url, form, headers) => ask(url, { method: 'POST', body: new URLSearchParams(form), headers }),
  sign: (url, form) => signAsTwilio(authToken, url, form),
})

async function ask(url: string, init: RequestInit): Promise<Answer> {
  try {
    const answer = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(answerMs) })
    return { status: answer.status, body: await answer.text() }
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    return { silent: thrown instanceof Error && thrown.name === 'TimeoutError' ? 'no answer in time' : code || 'no connection' }
  }
}
