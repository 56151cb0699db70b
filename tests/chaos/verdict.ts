import type { FakeMessage } from '../support/fake-twilio'
import type { Plan } from './plan'
import type { BlastStatus, Line } from './staff'

export type Evidence = {
  plan: Plan
  blasts: { tag: string; ids: Set<number>; status: BlastStatus; lines: Line[] }[]
  /** The provider's own record. */
  messages: readonly FakeMessage[]
  arrivals: readonly { phone: string; at: number }[]
  /** Who texted STOP, and when the webhook had answered (UTC ms). */
  stopped: ReadonlyMap<string, number>
  /** From the database: the last claim of each delivery. */
  claims: { phone: string; status: string; attemptedAt: number | null; body: string }[]
  /** Numbers that the provider refuses. */
  isNoNumber(phone: string): boolean
  /** Blasts in the database. */
  stored: number
  leaseMs: number
}

export type Verdict = {
  accepted: number
  skipped: number
  failed: number
  unknown: number
  twice: number
  lost: number
  violations: string[]
}

const has = ['accepted', 'sent', 'delivered', 'undelivered']

/** When all is quiet: the exported log against the provider's own record. */
export function judge(evidence: Evidence): Verdict {
  const verdict: Verdict = { accepted: 0, skipped: 0, failed: 0, unknown: 0, twice: 0, lost: 0, violations: [] }
  const { blasts, messages, stored } = evidence
  for (const blast of blasts) {
    const own = messages.filter(({ body }) => body.startsWith(`${blast.tag}:`))
    for (const line of blast.lines) {
      judgeLine(
        verdict,
        blast.tag,
        line,
        own.filter(({ to }) => to === line.phone),
      )
      judgeReason(verdict, evidence, blast.tag, line)
    }
    const planned = new Set(blast.lines.map(({ phone }) => phone))
    for (const { to } of own) if (!planned.has(to)) verdict.violations.push(`${blast.tag}: ${to} has a text and is not in the log`)
    judgeCounts(verdict, blast)
    if (blast.ids.size !== 1) verdict.violations.push(`${blast.tag}: pressed twice, it became blasts ${[...blast.ids].join(', ')}`)
  }
  if (stored !== blasts.length) verdict.violations.push(`${stored} blasts are stored, ${blasts.length} were sent`)
  judgeStops(verdict, evidence)
  return verdict
}

function judgeLine(verdict: Verdict, tag: string, line: Line, texts: FakeMessage[]): void {
  const { phone, status, provider_sid: sid } = line
  const what = `${tag}: ${phone} is ${status} ${line.error_code} and has ${texts.length} texts`
  if (texts.length > 1) {
    verdict.twice++
    verdict.violations.push(what)
  }
  if (has.includes(status)) {
    verdict.accepted++
    if (texts.length === 0) verdict.lost++
    if (!texts.some((text) => text.sid === sid)) verdict.violations.push(`${what}, none of them ${sid}`)
    const [text] = texts
    if ((status === 'delivered' || status === 'undelivered') && text?.status !== status)
      verdict.violations.push(`${what}, there ${text?.status}`)
  } else if (status === 'failed' || status === 'skipped') {
    verdict[status]++
    if (texts.length > 0) verdict.violations.push(what)
  } else if (status === 'unknown') {
    verdict.unknown++
  } else {
    verdict.lost++
    verdict.violations.push(what)
  }
}

/** Nobody is left out for nothing. */
function judgeReason({ violations }: Verdict, { stopped, messages, isNoNumber }: Evidence, tag: string, { phone, status }: Line): void {
  const blocked = isNoNumber(phone) || messages.some((text) => text.to === phone && text.status === 'undelivered')
  if (status === 'skipped' && !stopped.has(phone) && !blocked) violations.push(`${tag}: ${phone} was left out for nothing`)
  if (status === 'failed' && !isNoNumber(phone)) violations.push(`${tag}: ${phone} failed for nothing`)
}

function judgeCounts({ violations }: Verdict, { tag, status, lines }: Evidence['blasts'][number]): void {
  const { counts, total_recipients: planned } = status
  const said = `${tag} is ${status.status}: ${JSON.stringify(counts)} of ${planned}, ${lines.length} in the log`
  if (!['sent', 'failed'].includes(status.status)) violations.push(`${said}: it never ended`)
  const sum = Object.values(counts).reduce((a, b) => a + b, 0)
  const right = Object.entries(counts).every(([state, n]) => lines.filter((line) => line.status === state).length === n)
  const success = lines.filter(({ status: state }) => has.includes(state) && state !== 'undelivered').length
  const failure = lines.filter(({ status: state }) => state === 'failed' || state === 'undelivered').length
  if (sum !== planned || lines.length !== planned || !right) violations.push(`${said}: it does not add up`)
  if (status.success_count !== success || status.failure_count !== failure) violations.push(`${said}: ${success} and ${failure} really`)
}

function judgeStops({ violations }: Verdict, { stopped, claims, arrivals, leaseMs }: Evidence): void {
  for (const [phone, at] of stopped) {
    // Both clocks are this machine's: a claim after the answer is a claim after the opt-out was stored.
    for (const claim of claims) {
      if (claim.phone === phone && claim.status !== 'skipped' && (claim.attemptedAt ?? 0) > at)
        violations.push(`${phone} was claimed ${(claim.attemptedAt ?? 0) - at} ms after STOP (${claim.body}, ${claim.status})`)
    }
    // A request leaves within the claim's lease, or not at all.
    const late = arrivals.find((arrival) => arrival.phone === phone && arrival.at > at + leaseMs)
    if (late) violations.push(`${phone} was texted ${late.at - at} ms after STOP`)
  }
}
