import { formatPhone } from '../ui/format'

/** The compose form with this event chosen. */
export const writeTo = (eventId: number): string => `/dashboard?event=${eventId}`

export const called = ({ name, phone }: { name: string; phone: string }): string => name || formatPhone(phone)
