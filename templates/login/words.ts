import type { CodeRefusal } from '../../src/second-factor/prove'
import { plural } from '../ui/format'

/** Why nobody is in: wrong words, a lock, a session that ended. */
export type Refusal = { fact: string; text?: string; kind?: 'bad' | 'info' }

/** What led here, by the query of the address. */
export const notices: readonly { query: string; words: Refusal }[] = [
  { query: 'signed_out', words: { kind: 'info', fact: 'You are signed out.' } },
  { query: 'expired', words: { kind: 'info', fact: 'That took too long, or your password was changed.', text: 'Sign in again.' } },
  { query: 'password_changed', words: { kind: 'info', fact: 'Your password is changed.', text: 'Sign in with the new one.' } },
]

/** Where a text came in after its writer's session had ended. */
export const textIsKept: Refusal = {
  kind: 'info',
  fact: 'You were signed out while you wrote.',
  text: 'Nothing was sent. Sign in within 30 minutes, and your text is back in the box.',
}

/** Rounded up, so that nobody comes back too early: `10 minutes`, `3 hours`. */
function wait(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000))
  return minutes < 120 ? plural(minutes, 'minute') : plural(Math.ceil(minutes / 60), 'hour')
}

/** `waitMs`: how long the lock still holds. */
export const tryAgainIn = (waitMs: number): string => `Try again in ${wait(waitMs)}.`

export const tooManyTries = (waitMs: number): Refusal => ({ fact: 'Too many tries.', text: tryAgainIn(waitMs) })

/** `waitMs` where this was the try that locked. */
export const wrongWords = (waitMs: number | null): Refusal => ({
  fact: 'Username and password do not match.',
  text: waitMs === null ? 'Check both and try again.' : `That was one try too many. ${tryAgainIn(waitMs)}`,
})

const codeFacts = {
  wrong: { fact: 'This code is not right.', text: 'Type the one that your app shows now. The time on your phone has to be right.' },
  used: { fact: 'This code was used already.', text: 'Wait for the next one: it changes every 30 seconds.' },
} as const

/** `now` in UTC ms. */
export function codeRefusal(refusal: CodeRefusal, now: number): Refusal {
  if (refusal.kind === 'locked') return tooManyTries(refusal.until - now)
  if (refusal.kind === 'unreadable')
    return { fact: 'Codes cannot be checked any more.', text: 'Ask an admin to take your sign-in code away.' }
  if (refusal.lockedUntil === null) return codeFacts[refusal.kind]
  return { fact: codeFacts[refusal.kind].fact, text: `That was one try too many. ${tryAgainIn(refusal.lockedUntil - now)}` }
}
