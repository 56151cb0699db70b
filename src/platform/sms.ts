import type { Config } from '../config'
import type { Db } from '../db/database'
import type { JobQueue } from '../deps'
import { createSimulator } from '../simulator/provider'
import type { SmsProvider } from '../sms/provider'
import { createTwilioProvider } from '../twilio/client'
import type { TwilioFetch } from '../twilio/request-client'

export function chooseProvider(
  config: Config,
  db: Db,
  now: () => number,
  sleep: (ms: number) => Promise<void>,
  queue: JobQueue,
  { together, fetch: request = (...args) => fetch(...args) }: { together: boolean; fetch?: TwilioFetch },
): SmsProvider {
  if (config.provider === 'simulator') {
    const nudge = (delayMs: number) => queue.send({ type: 'receipts' }, delayMs)
    return createSimulator({ db, now, sleep, from: config.twilio.from || '+13236300201', nudge, together })
  }
  return createTwilioProvider({ ...config.twilio, timeoutMs: config.sending.timeoutMs, fetch: request, now })
}
