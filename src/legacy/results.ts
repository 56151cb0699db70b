import type { DeliveryStatus } from '../db/schema'
import { codeIn } from './codes'
import { nameOf } from './people'
import { readPhoneFast } from './phones'
import { listOf, textOf } from './source'

export type Result = { phone: string; name: string; status: DeliveryStatus; code: number | null }

/** Refused results by why. */
export type Results = { taken: Result[]; refused: Record<string, number>; total: number }

/**
 * The recipients of a log, in the order of names, as every blast has them. The former app asked for no receipts: its `success` is that the
 * provider took the text. Null where they cannot be read.
 */
export function readResults(details: unknown): Results | null {
  const list = listOf(details)
  if (!list) return null
  const byPhone = new Map<string, Result>()
  const refused: Record<string, number> = {}
  const refuse = (why: string) => {
    refused[why] = (refused[why] ?? 0) + 1
  }
  for (const entry of list) {
    const one = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>
    const phone = readPhoneFast(textOf(one.phone))
    if (phone === null) refuse('without a phone')
    else if (typeof one.success !== 'boolean') refuse('without a result')
    else if (byPhone.has(phone)) refuse('of a phone that is in the same blast twice')
    else
      byPhone.set(phone, {
        phone,
        name: nameOf(one.name),
        status: one.success ? 'accepted' : 'failed',
        code: one.success ? null : codeIn(textOf(one.error)),
      })
  }
  return { taken: [...byPhone.values()].sort(byName), refused, total: list.length }
}

function byName(one: Result, other: Result): number {
  const rank = ({ name, phone }: Result) => [name === '' ? 1 : 0, name.toLowerCase(), phone] as const
  const [a, b] = [rank(one), rank(other)]
  for (const [i, mine] of a.entries()) {
    const theirs = b[i] ?? ''
    if (mine !== theirs) return mine < theirs ? -1 : 1
  }
  return 0
}
