import { plural } from '../ui/format'

/** Why nobody is in: wrong words, a lock, a session that ended. */
export type Refusal = { fact: string; text?: string; kind?: 'bad' | 'info' }

/** What led here, by the query of the address. */
export const notices: readonly { query: string; words: Refusal }[] = [
  { query: 'signed_out', words: { kind: 'info', fact: 'You are signed out.' } },
  { query: 'password_changed', words: { kind: 'info', fact: 'Your password is changed.', text: 'Sign in with the new one.' } },
]

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
