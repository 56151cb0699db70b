import type { Config } from '../config'
import type { Db } from '../db/database'
import { createSimulator } from '../simulator/provider'
import type { SmsProvider } from '../sms/provider'
import { createTwilioProvider } from '../twilio/client'

export function chooseProvider(config: Config, db: Db, now: () => number, sleep: (ms: number) => Promise<void>): SmsProvider {
  if (config.provider === 'simulator') return createSimulator({ db, now, sleep, from: config.twilio.from || '+13236300201' })
  return createTwilioProvider({ ...config.twilio, timeoutMs: config.sending.timeoutMs, fetch: (...args) => fetch(...args), now })
}
