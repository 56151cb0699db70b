import type { Reach } from '../../src/suppressions/reach'
import type { Role } from '../places'
import type { FlashNote } from '../ui/note'
import { giveBackPath } from './words'

type Blocked = Exclude<Reach, { texts: 'yes' }>

/** `fact`: what was done, without its full stop: `Maria was added`. Says who can take the block away, and to whoever can, where. */
export function blockedNote(fact: string, block: Blocked, role: Role): FlashNote {
  const admin = role === 'admin'
  const act = (label: string) => (admin ? { href: giveBackPath(block), label } : undefined)
  if (block.nature === 'number') {
    const why = block.reason ? `This number does not work: ${block.reason}. No blast reaches it.` : 'No blast reaches this number.'
    const lift = `${admin ? 'Lift' : 'An admin can lift'} the block if it is right.`
    return { kind: 'warn', fact: `${fact}, but this number does not work.`, text: `${why} ${lift}`, act: act('Lift the block') }
  }
  const out = { kind: 'warn', fact: `${fact}, but has opted out.` } as const
  if (block.nature === 'own_word') return { ...out, text: 'No blast reaches this number until they text START.' }
  const who = admin ? 'You' : 'An admin'
  return { ...out, text: `No blast reaches this number. ${who} can change that, when they ask for it.`, act: act('Text them again') }
}
