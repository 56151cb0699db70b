import type { BlastStatus, DeliveryStatus } from '../db/schema'
import { type Explanation, explain } from '../sms/outcome'
import { partsOf } from '../sms/segments'
import { compileTemplate, render, withoutStopLine } from '../sms/text'
import type { DeliveryCounts } from './counts'

/** `planned` is the sum of the others: every delivery is in exactly one of them. */
export type Sum = { planned: number; withTwilio: number; skipped: number; failed: number; checking: number; toGo: number }

export function sumUp(counts: DeliveryCounts): Sum {
  const parts = {
    withTwilio: counts.accepted + counts.sent + counts.delivered,
    skipped: counts.skipped,
    failed: counts.failed + counts.undelivered,
    checking: counts.unknown,
    toGo: counts.queued + counts.sending,
  }
  return { planned: Object.values(parts).reduce((sum, n) => sum + n, 0), ...parts }
}

/** How the people of a blast are told apart on its page; together they are everyone. */
export const peopleFilters = {
  delivered: ['delivered'],
  on_its_way: ['accepted', 'sent'],
  skipped: ['skipped'],
  failed: ['failed', 'undelivered'],
  checking: ['unknown'],
  to_go: ['queued', 'sending'],
} as const satisfies Record<string, readonly DeliveryStatus[]>
export type PeopleFilter = keyof typeof peopleFilters

export const countOf = (counts: DeliveryCounts, filter: PeopleFilter): number =>
  peopleFilters[filter].reduce((sum, status) => sum + counts[status], 0)

type Timed = { status: BlastStatus; createdAt: number; startedAt: number | null; finishedAt: number | null; restoredAt?: number | null }
type Going = { status: BlastStatus; startedAt: number | null; resumedAt: number | null; resumedHandled: number | null }

/** Receipts come within seconds; a handset that is off may take days, and nobody watches for that long. */
const receiptsMs = 10 * 60_000

/** Whether its page has reason to look again by itself. */
export function isLive({ status, createdAt, startedAt, finishedAt, restoredAt }: Timed, counts: DeliveryCounts, now: number): boolean {
  if (status !== 'paused' && finishedAt === null) return true
  const open = counts.accepted + counts.sent + counts.unknown
  return counts.sending > 0 || (open > 0 && now - Math.max(finishedAt ?? startedAt ?? createdAt, restoredAt ?? 0) < receiptsMs)
}

/** How many were handled at a time (UTC ms); a page that looks again brings the last one along. */
export type Sample = { at: number; handled: number }

export const handledOf = ({ planned, toGo, skipped }: Sum): number => planned - toGo - skipped

/** Texts a second, and how long the rest takes at that; null before there is anything to go by. */
export type Pace = { perSecond: number; leftMs: number } | null

/** When it last began to go. */
export function goingSince({ startedAt, resumedAt, resumedHandled }: Going): { at: number; handled: number | null } | null {
  if (resumedAt !== null) return { at: resumedAt, handled: resumedHandled }
  return startedAt === null ? null : { at: startedAt, handled: 0 }
}

/** Since `before`, or since the blast last began to go. */
export function paceOf(blast: Going, sum: Sum, now: number, before: Sample | null): Pace {
  if (blast.status !== 'processing' || sum.toGo === 0) return null
  const since = before ?? goingSince(blast)
  if (since === null || since.handled === null) return null
  const elapsed = now - since.at
  const done = handledOf(sum) - since.handled
  if (elapsed < 1000 || done <= 0) return null
  return { perSecond: (done * 1000) / elapsed, leftMs: (sum.toGo * elapsed) / done }
}

/** Failed and skipped deliveries that have the same code or reason. */
export type OutcomeGroup = { status: 'failed' | 'undelivered' | 'skipped'; errorCode: number | null; skipReason: string | null; n: number }

export type FailureReason = {
  n: number
  explanation: Explanation
  /** The codes it stands for; none where the provider gave none. */
  codes: number[]
  /** Filters the list of people to these: `failed.30006.21614`, `none` for no code. */
  key: string
}

/** Why texts failed, codes that mean the same to staff together, the most frequent first. */
export function failureReasons(groups: readonly OutcomeGroup[]): FailureReason[] {
  const byExplanation = new Map<Explanation, { n: number; codes: Set<number | null> }>()
  for (const { status, errorCode, n } of groups) {
    if (status === 'skipped') continue
    const explanation = explain(errorCode)
    const reason = byExplanation.get(explanation) ?? { n: 0, codes: new Set() }
    reason.n += n
    reason.codes.add(errorCode)
    byExplanation.set(explanation, reason)
  }
  return [...byExplanation]
    .map(([explanation, { n, codes }]) => ({
      n,
      explanation,
      codes: [...codes].filter((code) => code !== null),
      key: ['failed', ...[...codes].map((code) => code ?? 'none')].join('.'),
    }))
    .sort((a, b) => b.n - a.n)
}

/** `failed.30006.none` → its codes; null where it is no such key. */
export function readFailureKey(key: string | undefined): (number | null)[] | null {
  if (key === undefined || !/^failed(\.(\d{1,6}|none)){1,40}$/.test(key)) return null
  return key
    .split('.')
    .slice(1)
    .map((code) => (code === 'none' ? null : Number(code)))
}

const skipWords: Record<string, string> = {
  opted_out: 'Opted out meanwhile',
  suppressed: 'Number does not work',
  undone: 'Undone in time',
  cancelled: 'Cancelled in time',
  gave_up: 'Given up: may have arrived',
}

/** Why someone was skipped, in a few words. */
export const explainSkip = (reason: string | null): string => skipWords[reason ?? ''] ?? 'Left out'

export type SkipReason = { n: number; reason: string }

export function skipReasons(groups: readonly OutcomeGroup[]): SkipReason[] {
  return groups
    .filter(({ status }) => status === 'skipped')
    .map(({ skipReason, n }) => ({ n, reason: explainSkip(skipReason) }))
    .sort((a, b) => b.n - a.n)
}

/** Parts of the text with every fallback in place of a name; null for a text that is no template of ours. */
export function partsWithoutName(body: string): number | null {
  const compiled = compileTemplate(body)
  return compiled.ok ? partsOf(compiled.template)('') : null
}

/** A text as a title, which is what staff know it by: without the STOP line, its fields, and the greeting that most begin with. */
export function titleOf(body: string): string {
  const words = withoutStopLine(body)
  const compiled = compileTemplate(words)
  if (!compiled.ok) return words
  const [first, second, third, ...rest] = compiled.template.pieces
  const greets = first?.kind === 'text' && first.text.length <= 8 && second?.kind === 'field' && third?.kind === 'text'
  const said = greets && /^\s*[,!.:–—-]/.test(third.text) ? third.text.replace(/^[\s,!.:–—-]+/, '') : null
  if (!said) return render(compiled.template, '')
  return render({ pieces: [{ kind: 'text', text: said.charAt(0).toUpperCase() + said.slice(1) }, ...rest] }, '')
}
