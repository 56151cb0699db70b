import type { Deps } from '../deps'
import { classify, type Explanation, explain } from '../sms/outcome'
import type { ListingPage } from '../web/listing'
import { countRetryable } from './acts'
import { type Blast, type BlastAct, mayBlast } from './blasts'
import type { DeliveryCounts } from './counts'
import { groupOutcomes, listUndecided, type UndecidedRow } from './people'
import { countsOfBlast, findBlast } from './queries'
import { isPausedByRestore } from './restored'
import {
  type FailureReason,
  failureReasons,
  goingSince,
  handledOf,
  isLive,
  type Pace,
  paceOf,
  partsWithoutName,
  type Sample,
  type SkipReason,
  type Sum,
  skipReasons,
  sumUp,
  titleOf,
} from './results'
import { queueOf, type Stalled, stalledOf } from './stalled'

/** What a blast's page shows of it, without its people: all of it is read again while it is live. */
export type BlastView = {
  blast: Blast & { eventTitle: string | null }
  title: string
  counts: DeliveryCounts
  sum: Sum
  live: boolean
  /** Null while it stands, too. */
  pace: Pace
  /** Have failed, and wait for another try. */
  again: number
  /** Why it does not move although it is being sent; null while it does. */
  stalled: Stalled | null
  /** To be brought along at the next look, for the pace. */
  sample: Sample
  reasons: FailureReason[]
  skips: SkipReason[]
  undecided: ListingPage<UndecidedRow> & { page: number; pageSize: number }
  /** What its state and its people allow. */
  may: Record<BlastAct, boolean>
  /** Whom a retry would text. */
  retryable: number
  /** What stopped it; null unless the provider's answer did. `sameText`: Resume would meet the same refusal, the text being at fault. */
  stop: { code: number; explanation: Explanation; sameText: boolean } | null
  /** From a backup, where that asks for care: what became of it since is not here. `paused`: it waits for Resume because of that. `asked`: are looked up. */
  restored: { from: number; paused: boolean; asked: number } | null
  /** Parts of the text without anyone's name. */
  parts: number | null
  now: number
}

export type Look = { undecidedPage: number; before: Sample | null }

const undecidedPageSize = 10
/** Long enough to be even, short enough to tell of a change. */
const sampleMs = 20_000

/** Throws NotFound. */
export async function readBlast({ db, now: clock }: Pick<Deps, 'db' | 'now'>, id: number, look: Look): Promise<BlastView> {
  const blast = await findBlast(db, id)
  const counts = await countsOfBlast(db, blast)
  const now = clock()
  const sum = sumUp(counts)
  const since = goingSince(blast)?.at ?? now
  const before = look.before && look.before.at >= since && look.before.at <= now ? look.before : null
  const asksRetry = mayBlast('retry', blast.status) && sum.failed > 0
  const page = look.undecidedPage
  const [groups, undecided, retryable, queue] = await Promise.all([
    groupOutcomes(db, id, counts),
    counts.unknown > 0 ? listUndecided(db, id, page, undecidedPageSize) : { rows: [], total: 0 },
    asksRetry ? countRetryable(db, id) : 0,
    counts.queued > 0 ? queueOf(db, id, now) : { again: 0, later: 0, nextAt: null, untried: null },
  ])
  const stalled = await stalledOf(db, blast, counts, queue, counts.unknown - undecided.total, now)
  const may = (act: BlastAct) => mayBlast(act, blast.status)
  return {
    blast,
    title: titleOf(blast.messageBody),
    counts,
    sum,
    live: isLive(blast, counts, now),
    pace: stalled ? null : paceOf(blast, sum, now, before),
    again: queue.again,
    stalled,
    sample: before && now - before.at < sampleMs ? before : { at: now, handled: handledOf(sum) },
    reasons: failureReasons(groups),
    skips: skipReasons(groups),
    undecided: { ...undecided, page, pageSize: undecidedPageSize },
    may: { undo: may('undo'), pause: may('pause'), resume: may('resume'), cancel: may('cancel'), retry: retryable > 0 },
    retryable,
    stop: stopOf(blast),
    restored: restoredOf(blast, counts.unknown - undecided.total, retryable > 0 || undecided.total > 0),
    parts: partsWithoutName(blast.messageBody),
    now,
  }
}

function restoredOf(blast: Blast, asked: number, mayAct: boolean): BlastView['restored'] {
  const paused = isPausedByRestore(blast)
  return blast.restoredFrom !== null && (paused || mayAct) ? { from: blast.restoredFrom, paused, asked } : null
}

function stopOf({ status, pauseCode: code }: Blast): BlastView['stop'] {
  if (status !== 'paused' || code === null) return null
  return { code, explanation: explain(code), sameText: classify(code) === 'content' }
}
