import type { BlastStatus } from '../db/schema'
import type { Decision } from '../deliveries/decisions'
import type { ActResult } from './acts'
import type { BlastAct } from './blasts'

type Note = { kind: 'ok' | 'info'; fact: string; text?: string }
type Done = Extract<ActResult, { kind: 'done' }>

const count = (n: number): string => n.toLocaleString('en-US')
const people = (n: number): string => (n === 1 ? '1 person' : `${count(n)} people`)
const were = (n: number): string => (n === 1 ? 'was' : 'were')

/** What an act came to, in the words of the next page. */
export function done(act: BlastAct, { handedOver, spared, queued }: Done): Note {
  switch (act) {
    case 'undo':
      return { kind: 'ok', fact: 'Nobody was texted.', text: 'Your message is back in the box.' }
    case 'pause':
      return {
        kind: 'ok',
        fact: 'Paused.',
        text: `${people(handedOver)} ${were(handedOver)} texted; ${people(queued)} wait until it is resumed.`,
      }
    case 'resume':
      return { kind: 'ok', fact: 'It goes on where it stopped.', text: 'Nobody gets it twice.' }
    case 'cancel':
      return {
        kind: 'ok',
        fact: 'Stopped.',
        text: `${people(handedOver)} ${were(handedOver)} texted; ${count(spared)} ${were(spared)} spared.`,
      }
    case 'retry':
      if (queued === 0)
        return {
          kind: 'ok',
          fact: 'We ask Twilio first.',
          text: 'This blast is from a backup. Whoever did not get it since is texted again.',
        }
      return { kind: 'ok', fact: `Trying ${people(queued)} again.`, text: 'Nobody who has it gets it twice.' }
  }
}

const asked: Record<BlastAct, string> = {
  undo: 'It cannot be undone',
  pause: 'There is nothing to pause',
  resume: 'There is nothing to resume',
  cancel: 'There is nothing to cancel',
  retry: 'There is nobody to try again',
}

const stands: Record<BlastStatus, string> = {
  held: 'this blast has not started yet. Undo it, and nobody is texted.',
  processing: 'this blast is being sent. Pause it, or cancel the rest.',
  paused: 'this blast is paused. Resume it, or cancel the rest.',
  sent: 'this blast has been sent. Its page says who got it.',
  failed: 'this blast failed. Its page says why.',
  cancelled: 'this blast was cancelled. Its page says who was texted before.',
}

/** Why an act is refused: the state it met, and what can be done instead. */
export const refused = (act: BlastAct, status: BlastStatus): string => `${asked[act]}: ${stands[status]}`

export const alreadyDecided =
  'This text is decided already, or Twilio has answered meanwhile. The page of the blast says what became of it.'
export const againButCancelled = 'This blast was cancelled, so nobody is texted by it again. Say that it arrived, or give up.'

export function decided(decision: Decision, who: string): Note {
  switch (decision) {
    case 'arrived':
      return { kind: 'ok', fact: `Noted: ${who} has it.` }
    case 'again':
      return { kind: 'ok', fact: `${who} is texted again.`, text: 'If the first one did arrive, they get it twice.' }
    case 'gave_up':
      return { kind: 'ok', fact: `Given up on ${who}.`, text: 'They count as skipped.' }
  }
}
