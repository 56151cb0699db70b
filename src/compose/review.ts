import type { AudienceCounts } from '../blasts/audience'
import type { Deps } from '../deps'
import { inAreas, type Quiet, quietFor } from '../schedule/quiet-hours'
import { toWallTime, type WallTime } from '../schedule/wall-time'
import { type Culprit, countParts, replaceCulprits, ucs2Culprits } from '../sms/segments'
import { type RenderedPiece, render, renderSegments, type Template } from '../sms/text'
import { whatChanged } from './changes'
import type { Draft } from './draft'
import type { Measured, Measures } from './measure'
import { findPeople, listPeople, type Person, pageSize } from './people'
import { findPlanned, type Planned } from './planned'
import type { Prepared } from './prepare'
import { findRepeat, type Repeat } from './repeats'
import { reviewToken } from './token'

/** One recipient's final text. */
export type FinalText = {
  person: Person
  pieces: RenderedPiece[]
  characters: number
  parts: number
}
export type SampleKind = 'first' | 'longest' | 'nameless' | 'shortest'
export type Sample = FinalText & { kinds: SampleKind[] }

/** The scheduled text that a change is for, and which state of it was changed. */
export type Editing = { id: number; version: string }

export type Review = {
  draft: Draft
  counts: AudienceCounts
  measured: Measured
  /** US dollars. */
  cost: number
  pricePerPart: number
  sender: string
  holdMs: number
  now: number
  /** What forces UCS-2, and what the same text costs and takes with plain characters where it has them. */
  culprits: Culprit[]
  plain: { text: string; cost: number; measured: Measured } | null
  /** Characters beyond one part, in the longest text. */
  overOnePart: number
  repeat: Repeat | null
  planned: Planned | null
  /** Whom it reaches in quiet hours, and when it would reach nobody so, on the writer's clock. `forbids`: it cannot be sent like this. */
  quiet: (Quiet & { next: WallTime | null; forbids: boolean }) | null
  samples: Sample[]
  /** `onlyQuiet`: of these alone. */
  texts: { rows: FinalText[]; total: number; page: number; pageSize: number; search: string; onlyQuiet: boolean }
  token: string
  submissionId: string
  /** That the text began with; empty where there is none. */
  templateId: string
  /** Null at a first look; what became different since the last one, and empty words where that cannot be told. */
  changes: string[] | null
  /** Null of a new text. */
  editing: Editing | null
}

export type Look = {
  search: string
  page: number | null
  only: string
  submissionId: string
  templateId: string
  changedSince?: string
  editing: Editing | null
}

/** All that the review page shows. */
export async function reviewOf(deps: Deps, { draft, counts, measures }: Prepared, look: Look): Promise<Review> {
  const { db, config } = deps
  const quiet = await quietOf(deps, draft)
  const only = look.only === 'quiet' && quiet ? inAreas(quiet.areas) : undefined
  const [list, repeat, planned, token] = await Promise.all([
    listPeople(db, draft.audience, { search: look.search, page: look.page, people: counts.people, only }),
    findRepeat(deps, { draft, counts }),
    findPlanned(deps, draft, look.submissionId),
    reviewToken(deps, draft, counts),
  ])
  const samples = await readSamples(
    deps,
    draft,
    measures.written,
    list.page === 1 && list.search === '' && !only ? list.rows[0] : undefined,
  )
  return {
    draft,
    counts,
    measured: measures.written,
    cost: measures.written.total * config.pricePerPart,
    pricePerPart: config.pricePerPart,
    sender: deps.sms.sender,
    holdMs: config.sending.holdMs,
    now: deps.now(),
    culprits: ucs2Culprits(draft.written),
    plain: plainOf(draft, measures, config.pricePerPart),
    overOnePart: countParts(render(draft.template, measures.written.longest?.name ?? '')).overOnePart,
    repeat,
    planned,
    quiet,
    samples,
    texts: { ...list, rows: list.rows.map((person) => finalText(draft.template, person)), pageSize, onlyQuiet: only !== undefined },
    token,
    submissionId: look.submissionId || deps.newToken(),
    templateId: look.templateId,
    changes: look.changedSince === undefined ? null : whatChanged(look.changedSince, counts),
    editing: look.editing,
  }
}

async function quietOf(deps: Deps, { audience, later, timeZone }: Draft): Promise<Review['quiet']> {
  const quiet = await quietFor(deps, audience, later?.at ?? deps.now())
  const next = quiet?.nextAt == null ? null : toWallTime(quiet.nextAt, timeZone)
  return quiet && { ...quiet, next, forbids: deps.config.quietHoursBlock }
}

function plainOf({ written }: Draft, { plain }: Measures, pricePerPart: number): Review['plain'] {
  return plain && { text: replaceCulprits(written), cost: plain.total * pricePerPart, measured: plain }
}

async function readSamples({ db }: Pick<Deps, 'db'>, draft: Draft, measured: Measured, first: Person | undefined): Promise<Sample[]> {
  if (measured.people < 2) return []
  const differ = measured.longest?.length !== measured.shortest?.length
  const wanted: [SampleKind, number | undefined][] = [
    ['first', first?.id],
    ['longest', differ ? measured.longest?.id : undefined],
    ['nameless', measured.nameless.id ?? undefined],
    ['shortest', differ ? measured.shortest?.id : undefined],
  ]
  const kinds = new Map<number, SampleKind[]>()
  for (const [kind, id] of wanted) if (id !== undefined) kinds.set(id, [...(kinds.get(id) ?? []), kind])
  const people = await findPeople(db, draft.audience, [...kinds.keys()])
  return [...kinds].flatMap(([id, said]) => {
    const person = people.find((one) => one.id === id)
    return person ? [{ ...finalText(draft.template, person), kinds: said }] : []
  })
}

export function finalText(template: Template, person: Person): FinalText {
  const pieces = renderSegments(template, person.name)
  const text = pieces.map((piece) => piece.text).join('')
  return { person, pieces, characters: text.length, parts: countParts(text).parts }
}
