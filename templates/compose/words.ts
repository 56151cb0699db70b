import type { Review } from '../../src/compose/review'
import { dateTime, formatPhone } from '../ui/format'

/** What recipients see it come from. A Messaging Service picks one of its numbers. */
export const senderWords = (sender: string): string => (sender.startsWith('MG') ? 'Our Messaging Service' : formatPhone(sender))

/** `5:41 PM` */
export const clockWords = (now: number, timeZone: string): string => dateTime(now, { now, timeZone }).split(', ').at(-1) ?? ''

export const calledOr = (name: string, nobody: string): string => name.trim() || nobody

const named: Record<string, string> = {
  '’': 'The curly',
  '‘': 'The curly',
  '“': 'The curly',
  '”': 'The curly',
  '–': 'The long',
  '—': 'The long',
}

/** How a character is introduced: `The curly ’`. */
export const introOf = (char: string): string => named[char] ?? 'The'

/** Whether nobody sees that the plain one took its place. */
export const looksTheSame = (char: string): boolean => char in named || char === '…' || char.trim() === ''

/** `3 hours ago`, `12 minutes ago`, `a moment ago`. */
export function agoWords(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return 'a moment ago'
  if (minutes < 60) return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`
  const hours = Math.round(minutes / 60)
  return hours === 1 ? '1 hour ago' : `${hours} hours ago`
}

/** `1 part`, `2 or 3 parts`, `2 to 5 parts`. */
export function partsWords({ min, max }: { min: number; max: number }): string {
  if (min === max) return max === 1 ? '1 part' : `${max} parts`
  return `${min} ${max - min === 1 ? 'or' : 'to'} ${max} parts`
}

/** Where the buttons of a review lead: the one that does it, the review again, and back to the form. */
export function pathsOf({ editing }: Pick<Review, 'editing'>): { press: string; review: string; write: string } {
  if (!editing) return { press: '/dashboard', review: '/dashboard/review', write: '/dashboard/edit' }
  const edit = `/scheduled/${editing.id}/edit`
  return { press: edit, review: edit, write: `${edit}/again` }
}

/** What has not happened yet on a review page. */
export const doneWords = ({ editing, draft }: Pick<Review, 'editing' | 'draft'>): string =>
  editing ? 'changed' : draft.later ? 'scheduled' : 'sent'

export function reviewTitle({ editing, draft }: Pick<Review, 'editing' | 'draft'>): string {
  if (editing) return 'Check before you save the change'
  return draft.later ? 'Check before you schedule' : 'Check before you send'
}
