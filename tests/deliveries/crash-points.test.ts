import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { countAudience } from '../../src/blasts/audience'
import { createBlast } from '../../src/blasts/blasts'
import { countsOf, recountStale } from '../../src/blasts/counts'
import { openDatabase } from '../../src/db/database'
import { applyStatusCallback } from '../../src/deliveries/callbacks'
import { sweep } from '../../src/deliveries/sweep'
import type { Deps } from '../../src/deps'
import { runJob } from '../../src/jobs'
import type { FakeMessage, Fault } from '../support/fake-twilio'
import { createSending } from '../support/sending'
import { createMortal, Died, rewriting, type When } from './mortal'

/*
 * The process ends at every single call that the life of a blast makes outside itself (database, provider, clock, queue), each in its turn,
 * once before the call takes effect and once after. Another starts on the same database, and all must come out as if nothing had been.
 */
const people = 6
const stopped = 0
const optedOutThere = 4
/** Of the first requests; all later ones pass. */
const faults: (Fault | null)[] = [
  null,
  { kind: 'throttle', retryAfter: '1' },
  { kind: 'drop', when: 'after' },
  { kind: 'drop', when: 'before' },
  { kind: 'refuse', code: 30001 },
  { kind: 'server-error', when: 'after' },
]
const everyone = { target: 'community', eventId: null, testPhone: null } as const

const phone = (round: number, person: number) => `+1323${String(5_550_000 + round * 10 + person)}`

/** A bug in the engine's statements, to prove that it would be found. */
type Planted = { name: string; find: RegExp; replace: string; when: When; found: RegExp }

const planted: Planted[] = [
  {
    name: 'who may have it is texted again without asking',
    find: /SET status = 'unknown', lease_until_at = NULL(?=.*lease_until_at <= )/s,
    replace: `SET status = 'queued', lease_until_at = NULL`,
    when: 'after',
    found: /has 2 texts/,
  },
  {
    name: 'nobody looks for claims whose process died',
    find: /(?<=WHERE status = 'sending' AND lease_until_at) <= /,
    replace: ' < 0 * ',
    when: 'before',
    found: /never ends/,
  },
]

async function createOffice(bug?: Planted) {
  const h = await createSending({ SEND_CONCURRENCY: '3', RECONCILE_GRACE_SECONDS: '60' })
  const d1 = bug ? rewriting(h.d1, (query) => query.replace(bug.find, bug.replace)) : h.d1
  if (bug) h.deps.db = openDatabase(d1)
  const told = new Set<FakeMessage>()
  let round = 0

  /** New people, so that nothing is left of the rounds before. */
  async function begin() {
    round++
    const members = Array.from({ length: people }, (_, person) => [`Person${person}`, phone(round, person)])
    await h.deps.db.run(sql`DELETE FROM community_members`)
    await h.deps.db.run(sql`
      INSERT INTO community_members (name, phone, created_at, updated_at)
      SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), 1, 1 FROM json_each(${JSON.stringify(members)})`)
    let requests = 0
    h.twilio.decide = (form) =>
      form.get('To') === phone(round, optedOutThere) ? { kind: 'refuse', code: 21610 } : (faults[requests++] ?? null)
    const { fingerprint } = await countAudience(h.deps.db, everyone)
    return {
      messageBody: `Round ${round}: hi {first_name}`,
      audience: everyone,
      includeUnsubscribe: false,
      submissionId: h.deps.newToken(),
      fingerprint,
      excluded: { optedOut: 0, suppressed: 0, duplicates: 0 },
      createdBy: 'rosa',
      trail: () => [],
    }
  }

  const texts = () => h.twilio.messages.filter(({ body }) => body.startsWith(`Round ${round}:`))

  /** The provider tells of the texts that it answered, once each and never again; of the others nobody hears but by asking. */
  async function tell(deps: Deps) {
    for (const message of texts()
      .filter((each) => !told.has(each))
      .slice(0, 2)) {
      told.add(message)
      const query = new URL(message.statusCallback ?? '').searchParams
      const callback = {
        deliveryId: Number(query.get('delivery')),
        attemptToken: query.get('attempt') ?? '',
        sid: message.sid,
        errorCode: null,
      }
      for (const status of ['sent', 'delivered'] as const) await applyStatusCallback(deps, { ...callback, status, parts: null })
    }
  }

  /** A process from its start on: the sweep at once, then nudges, and the sweep again, until the blast is finished. */
  async function live(deps: Deps, id: number) {
    for (let minute = 0; minute < 12; minute++) {
      await sweep(deps)
      await recountStale(deps)
      for (let nudge = h.nudges.shift(); nudge; nudge = h.nudges.shift()) {
        h.clock.now += nudge.delayMs
        await runJob(deps, nudge.job)
      }
      if (minute === 0) await tell(deps)
      if ((await h.log(id)).finishedAt !== null) return
      h.clock.now += 60_000
    }
    throw new Error('the blast never ends')
  }

  /** Rejects with Died where `deps` does; what was only in its memory is gone. */
  async function until<T>(death: Promise<never>, work: Promise<T>): Promise<T> {
    try {
      return await Promise.race([work, death])
    } finally {
      work.catch(() => {})
    }
  }

  /** One blast. Answers what its first process called, and the id of the blast. */
  async function blast(at: number, when: When) {
    const draft = await begin()
    const { deps, calls, death } = createMortal(h.deps, d1, at, when)
    const survive = async <T>(work: (deps: Deps) => Promise<T>): Promise<T> => {
      if (calls.length < at)
        try {
          return await until(death, work(deps))
        } catch (fault) {
          if (!(fault instanceof Died)) throw fault
          h.nudges.length = 0
          h.clock.now += 1000
        }
      return work(h.deps)
    }
    const made = await survive((mine) => createBlast(mine, draft))
    if (made.kind === 'changed') throw new Error('the audience changed')
    await h.deps.db.run(sql`
      INSERT INTO unsubscribed_contacts (phone, reason, source, created_at) VALUES (${phone(round, stopped)}, 'Replied STOP', 'inbound', 1)`)
    await survive((mine) => live(mine, made.id))
    return { id: made.id, calls }
  }

  /** What went wrong with the round, in words; nothing when all is as it must be. */
  async function faultsOf(id: number): Promise<string[]> {
    const found: string[] = []
    const rows = await h.rows(id)
    const log = await h.log(id)
    const counts = await countsOf(h.deps.db, id)
    for (let person = 0; person < people; person++) {
      const row = rows.find((each) => each.phone === phone(round, person))
      const had = texts().filter(({ to }) => to === phone(round, person))
      const spared = person === stopped || person === optedOutThere
      const said = `person ${person} is ${row?.status} ${row?.skipReason ?? ''}${row?.code ?? ''} and has ${had.length} texts`
      if (had.length !== (spared ? 0 : 1)) found.push(said)
      else if (person === stopped && row?.skipReason !== 'opted_out') found.push(said)
      else if (person === optedOutThere && row?.code !== 21610) found.push(said)
      else if (!spared && (row?.sid !== had[0]?.sid || !['accepted', 'sent', 'delivered'].includes(row?.status ?? ''))) found.push(said)
    }
    if (rows.length !== people) found.push(`${rows.length} deliveries of ${people}`)
    const sum = Object.values(counts).reduce((a, b) => a + b, 0)
    if (sum !== log.totalRecipients || sum !== people) found.push(`${JSON.stringify(counts)} of ${log.totalRecipients}`)
    if (log.status !== 'sent') found.push(`the blast is ${log.status}`)
    const [same] = await h.deps.db.all<{ n: number }>(sql`SELECT count(*) AS n FROM message_logs WHERE message_body = ${log.messageBody}`)
    if (same?.n !== 1) found.push(`${same?.n} blasts of one form`)
    return found
  }

  return { blast, faultsOf }
}

describe.each(['before', 'after'] as const)('a process that dies %s', (when) => {
  it('the n-th call, for every n: nobody is lost, nobody is texted twice', async () => {
    const office = await createOffice()
    const died: string[] = []
    for (let at = 1; ; at++) {
      const { id, calls } = await office.blast(at, when)
      const point = `${when} call ${at}, ${calls[at - 1]}`
      expect(await office.faultsOf(id), point).toEqual([])
      if (calls.length < at) break
      died.push(calls[at - 1] ?? '')
    }
    // Every kind of step has been the last one.
    for (const step of [
      'INSERT INTO message_logs',
      'UPDATE message_deliveries SET',
      'INSERT INTO sender_lease',
      'DELETE FROM sender_lease',
    ]) {
      expect(
        died.some((call) => call.includes(step)),
        step,
      ).toBe(true)
    }
    for (const kind of ['send', 'list', 'nudge', 'sleep']) expect(died, kind).toContain(kind)
    expect(died.length).toBeGreaterThan(60)
  }, 240_000)
})

it.each(planted)(
  'a planted bug is found: $name',
  async (bug) => {
    const office = await createOffice(bug)
    const all: string[] = []
    for (let at = 1; all.length === 0 && at < 100; at++) {
      try {
        const { id } = await office.blast(at, bug.when)
        all.push(...(await office.faultsOf(id)))
      } catch (fault) {
        all.push(String(fault))
      }
    }
    expect(all.join('\n')).toMatch(bug.found)
  },
  120_000,
)
