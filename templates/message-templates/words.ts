import { dateTime } from '../ui/format'

/** The compose form with this text. */
export const writeWith = (id: number): string => `/dashboard?template=${id}`

type Clock = { timeZone: string; now: number }

/** `today, 5:42 PM, by rosa` */
export const whenAndBy = (at: number, by: string, clock: Clock): string => `${dateTime(at, clock)}${by === '' ? '' : `, by ${by}`}`
