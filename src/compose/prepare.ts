import { type AudienceCounts, countAudience } from '../blasts/audience'
import type { Deps } from '../deps'
import { checkLength, MAX_TEXT_UNITS, render } from '../sms/text'
import { type Draft, type DraftFields, type Faults, readDraft } from './draft'
import { type Measures, measure } from './measure'

/** A text that can be sent as it is, and to how many. */
export type Prepared = { draft: Draft; counts: AudienceCounts; measures: Measures }
export type Preparation = ({ ok: true } & Prepared) | { ok: false; faults: Faults }

/** Everything that is checked before a review and again before a send. */
export async function prepare(deps: Pick<Deps, 'db' | 'config' | 'now' | 'sleep'>, fields: DraftFields): Promise<Preparation> {
  const drafted = await readDraft(deps, fields)
  if (!drafted.ok) return drafted
  const { draft } = drafted
  const counts = await countAudience(deps.db, draft.audience)
  if (counts.people === 0) return { ok: false, faults: { [draft.event ? 'event_id' : 'target']: nobody(draft, counts) } }
  const measures = await measure(deps, draft, counts)
  const fault = lengthFault(draft, measures)
  return fault ? { ok: false, faults: { message_body: fault } } : { ok: true, draft, counts, measures }
}

const count = (n: number): string => n.toLocaleString('en-US')

function nobody({ event }: Draft, { total, optedOut, suppressed }: AudienceCounts): string {
  if (total === 0) return event ? `${event.title} has no guests yet.` : 'There are no members yet. Add people first.'
  const reasons = [
    optedOut > 0 ? `${count(optedOut)} opted out` : '',
    suppressed > 0 ? `${count(suppressed)} with a number that does not work` : '',
  ]
  return `Nobody is left to text: ${reasons.filter(Boolean).join(', ')}.`
}

export const nothingWithoutName = 'For people without a name there is no text left. Give the field a fallback, as in {first_name|friend}.'

/** Says for whom the text is too long, or empty, where that depends on the name. */
function lengthFault({ template }: Draft, { written }: Measures): string | null {
  const { longest, shortest, nameless } = written
  const over = (longest?.length ?? 0) - MAX_TEXT_UNITS
  if (longest && shortest && over > 0) {
    const length = checkLength(render(template, shortest.length > MAX_TEXT_UNITS ? shortest.name : longest.name))
    const words = length.ok ? '' : length.message
    const who = longest.name === '' ? 'people without a name' : longest.name
    return shortest.length > MAX_TEXT_UNITS ? words : `For ${who}: ${words}`
  }
  if (nameless.people > 0 && !checkLength(render(template, '')).ok) {
    return nothingWithoutName
  }
  return null
}
