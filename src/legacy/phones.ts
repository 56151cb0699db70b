import { parsePhone } from '../sms/phone'

/** `odd`: of the right shape, and in no numbering plan. */
export type ReadPhone = { phone: string; odd: boolean } | { fault: string }

const shape = /^\+[1-9]\d{6,14}$/

/** What the former app texted as it is stays as it is: it was a number to whoever put it in. Anything else has to be a phone. */
export function readPhone(value: string): ReadPhone {
  const parsed = parsePhone(value)
  if (shape.test(value)) return { phone: value, odd: !parsed.ok }
  return parsed.ok ? { phone: parsed.phone, odd: false } : { fault: parsed.reason }
}

/** The same without the look into the numbering plans, for the many rows of results. */
export function readPhoneFast(value: string): string | null {
  if (shape.test(value)) return value
  const read = readPhone(value)
  return 'phone' in read ? read.phone : null
}
