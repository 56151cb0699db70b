import { sql } from 'drizzle-orm'
import { type Audience, type AudienceCounts, pool, reachable } from '../blasts/audience'
import type { Db } from '../db/database'
import type { Deps } from '../deps'
import { countParts, measureOf, replaceCulprits } from '../sms/segments'
import { compileTemplate, render, type Template } from '../sms/text'
import type { Draft } from './draft'

export type Measured = {
  people: number
  /** How many people get how many parts, fewest parts first. */
  byParts: { parts: number; people: number }[]
  min: number
  max: number
  total: number
  /** Whose text cannot be written in the plain phone alphabet. */
  wide: number
  /** By length in UTF-16 units, the first of each in the order of their phones; null for nobody. */
  longest: Extreme | null
  shortest: Extreme | null
  /** People without a name, and the row of one. */
  nameless: { people: number; id: number | null }
}
export type Extreme = { id: number; name: string; length: number }

/** `plain` is the same text with plain characters wherever there are any; null where that changes nothing. */
export type Measures = { written: Measured; plain: Measured | null }

/** Rows read at a time: a few milliseconds, between which others are served. */
const chunk = 5000
const mostKept = 24

type Named = { id: number; name: string; phone: string }
const kept = new WeakMap<Db, Map<string, Promise<Measures>>>()

/**
 * Exact parts for everybody who gets the text. Counted once for each text and state of the audience, and remembered for the last few;
 * whoever asks meanwhile waits for the same count.
 */
export async function measure(deps: Pick<Deps, 'db' | 'sleep'>, draft: Draft, counts: AudienceCounts): Promise<Measures> {
  const memory = kept.get(deps.db) ?? new Map<string, Promise<Measures>>()
  kept.set(deps.db, memory)
  const key = JSON.stringify([draft.body, draft.audience.target, draft.audience.eventId, counts.fingerprint])
  const known = memory.get(key)
  if (known) return known
  const counting = measureAll(deps, draft)
  memory.set(key, counting)
  for (const oldest of [...memory.keys()].slice(0, Math.max(0, memory.size - mostKept))) memory.delete(oldest)
  try {
    const measures = await counting
    // Somebody came or went while we counted: right for nobody, so not for the next one either.
    if (measures.written.people !== counts.people) memory.delete(key)
    return measures
  } catch (fault) {
    memory.delete(key)
    throw fault
  }
}

async function measureAll({ db, sleep }: Pick<Deps, 'db' | 'sleep'>, draft: Draft): Promise<Measures> {
  const plain = compileTemplate(replaceCulprits(draft.body))
  const written = tally(draft.template)
  const other = plain.ok && replaceCulprits(draft.body) !== draft.body ? tally(plain.template) : null
  for await (const rows of names(db, sleep, draft.audience)) {
    written.add(rows)
    other?.add(rows)
  }
  return { written: written.done(), plain: other?.done() ?? null }
}

async function* names(db: Db, sleep: Deps['sleep'], audience: Audience): AsyncGenerator<Named[]> {
  if (audience.testPhone !== null) return yield [{ id: 0, name: '', phone: audience.testPhone }]
  for (let after = ''; ; await sleep(0)) {
    const rows = await db.all<Named>(sql`
      SELECT p.id, p.name, p.phone FROM ${pool(audience)} p WHERE p.phone > ${after} AND ${reachable} ORDER BY p.phone LIMIT ${chunk}`)
    yield rows
    const last = rows.at(-1)
    if (!last || rows.length < chunk) return
    after = last.phone
  }
}

function tally(template: Template) {
  const measureName = measureOf(template)
  const isWide = (name: string) => countParts(render(template, name)).encoding === 'UCS-2'
  const alwaysWide = isWide('A')
  const namelessWide = isWide('')
  const people = new Map<number, number>()
  const seen: Pick<Measured, 'wide' | 'longest' | 'shortest' | 'nameless'> = {
    wide: 0,
    longest: null,
    shortest: null,
    nameless: { people: 0, id: null },
  }
  function add(rows: readonly Named[]) {
    for (const { id, name } of rows) {
      const { parts, length } = measureName(name)
      people.set(parts, (people.get(parts) ?? 0) + 1)
      if (!seen.longest || length > seen.longest.length) seen.longest = { id, name, length }
      if (!seen.shortest || length < seen.shortest.length) seen.shortest = { id, name, length }
      const nameless = name.trim() === ''
      if (nameless) seen.nameless = { people: seen.nameless.people + 1, id: seen.nameless.id ?? id }
      // A plain name leaves the text as it is; the others, few, are looked at one by one.
      if (nameless ? namelessWide : /[^ -~]/.test(name) ? isWide(name) : alwaysWide) seen.wide++
    }
  }
  function done(): Measured {
    const byParts = [...people].map(([parts, n]) => ({ parts, people: n })).sort((a, b) => a.parts - b.parts)
    const count = byParts.reduce((sum, row) => sum + row.people, 0)
    const total = byParts.reduce((sum, row) => sum + row.people * row.parts, 0)
    return { people: count, byParts, min: byParts[0]?.parts ?? 0, max: byParts.at(-1)?.parts ?? 0, total, ...seen }
  }
  return { add, done }
}
