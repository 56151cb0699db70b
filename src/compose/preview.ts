import { countAudience } from '../blasts/audience'
import type { Deps } from '../deps'
import { type Culprit, countParts, ucs2Culprits } from '../sms/segments'
import { cleanBody, render } from '../sms/text'
import { type DraftFields, readBody, readDraft } from './draft'
import { type Measured, measure } from './measure'
import { previewPerson } from './people'
import { type FinalText, finalText } from './review'

/** What is shown while staff write. Nothing here refuses anything: the review does. */
export type Preview = {
  /** Why the text cannot be read; empty when it can, or when there is none yet. */
  fault: string
  /** The text as one person gets it; null while there is none. */
  text: FinalText | null
  /** Which person of the list that is, from 0. */
  person: number
  /** For everybody; null while nobody is chosen. */
  everyone: { parts: Pick<Measured, 'min' | 'max'>; cost: number; characters: number; used: number } | null
  culprits: Culprit[]
  /** US dollars with plain characters; null where there are none to use. */
  plainCost: number | null
  /** Who has no name, and what stands in for it. */
  nameless: { people: number; fallback: string } | null
}

type Fields = DraftFields & { person: number; next: boolean }

export async function previewOf(deps: Pick<Deps, 'db' | 'config' | 'now' | 'sleep'>, fields: Fields): Promise<Preview> {
  const body = readBody(fields)
  const nothing = { text: null, person: 0, everyone: null, culprits: [], plainCost: null, nameless: null }
  if (!body.ok) return { ...nothing, fault: cleanBody(fields.message_body) === '' ? '' : body.fault }
  const { template, written } = body
  const culprits = ucs2Culprits(written)
  const drafted = await readDraft(deps, { ...fields, schedule_later: false })
  const anybody = { ...nothing, fault: '', culprits, text: finalText(template, { id: 0, name: '', phone: '' }) }
  if (!drafted.ok) return anybody

  const { draft } = drafted
  const { person, skip } = await previewPerson(deps.db, draft.audience, fields.person + (fields.next ? 1 : 0))
  const counts = await countAudience(deps.db, draft.audience)
  if (!person || counts.people === 0) return anybody
  const { written: measured, plain } = await measure(deps, draft, counts)
  const longest = render(template, measured.longest?.name ?? '')
  const field = template.pieces.find((piece) => piece.kind === 'field')
  return {
    fault: '',
    text: finalText(template, person),
    person: skip,
    everyone: {
      parts: measured,
      cost: measured.total * deps.config.pricePerPart,
      characters: longest.length,
      used: partsUsed(longest),
    },
    culprits,
    plainCost: plain ? plain.total * deps.config.pricePerPart : null,
    nameless:
      field && draft.audience.testPhone === null && measured.nameless.people > 0
        ? { people: measured.nameless.people, fallback: field.fallback }
        : null,
  }
}

/** In parts: 1.5 is one full part and half of the next. */
export function partsUsed(text: string): number {
  const { parts, units, unitsLeftInPart } = countParts(text)
  return parts - (unitsLeftInPart * parts) / (units + unitsLeftInPart)
}
