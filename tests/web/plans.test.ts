import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { recordAudit } from '../../src/audit/audit'
import { openDatabase } from '../../src/db/database'
import { createHarness, type Harness } from '../support/harness'

type Query = { text: string; values: unknown[] }

/** Every query that reaches the database from here on. */
function watchQueries(d1: D1Database): { watched: D1Database; queries: Query[] } {
  const queries: Query[] = []
  const watched = new Proxy(d1, {
    get(target, name) {
      if (name !== 'prepare') return Reflect.get(target, name).bind(target)
      return (text: string) => {
        const statement = target.prepare(text)
        const query: Query = { text, values: [] }
        queries.push(query)
        return new Proxy(statement, {
          get(of, method) {
            if (method !== 'bind') return Reflect.get(of, method).bind(of)
            return (...values: unknown[]) => {
              query.values = values
              return of.bind(...values)
            }
          },
        })
      }
    },
  })
  return { watched, queries }
}

async function queriesOf(h: Harness, browser: { get(path: string): Promise<Response> }, path: string): Promise<Query[]> {
  const { watched, queries } = watchQueries(h.d1)
  h.deps.db = openDatabase(watched)
  expect((await browser.get(path)).status).toBe(200)
  return queries
}

async function planOf(h: Harness, { text, values }: Query): Promise<string[]> {
  const { results } = await h.d1
    .prepare(`EXPLAIN QUERY PLAN ${text}`)
    .bind(...values)
    .all<{ detail: string }>()
  return results.map(({ detail }) => detail)
}

// With its LIMIT as a parameter SQLite once read all 100,000 members in the order of the list, to find the 50 that it had picked already.
it.each([
  '/community',
  '/community?page=9',
  '/community?sort=phone&dir=desc',
  '/logs/1',
  '/logs/1?sort=updated',
  '/logs/1?status=failed',
  '/templates',
  '/templates?sort=last_used_at&dir=desc',
  '/templates?sort=updated_at',
])('the page of the list at %s is picked first, and only its rows are read', async (path) => {
  const h = await createHarness()
  await h.deps.db.run(sql`
      INSERT INTO message_logs (id, status, message_body, target, submission_id, hold_until_at, created_at)
      VALUES (1, 'sent', 'Hello', 'community', 's', 0, 0)`)
  const browser = await h.signIn()
  const lists = (await queriesOf(h, browser, path)).filter(({ text }) => /\bpicked\b/.test(text))
  expect(lists.length).toBeGreaterThan(0)
  for (const query of lists) {
    const plan = await planOf(h, query)
    // The rows themselves are looked up one by one; whatever else reads the table stays within an index.
    expect(
      plan.filter((line) => /^(SCAN|SEARCH) [mdt] /.test(line) && !/COVERING|INTEGER PRIMARY KEY|message_deliveries_status/.test(line)),
    ).toEqual([])
    expect(plan.filter((line) => /^SEARCH [mdt] USING INTEGER PRIMARY KEY/.test(line))).toHaveLength(1)
    expect(plan.join()).not.toContain('AUTOMATIC')
  }
})

const narrowed = ['?username=rosa', '?event_type=login_blocked', '?outcome=success', '?outcome=blocked', '?date_from=2026-11-22']
const all = 'username=Rosa&event_type=login_blocked&outcome=blocked&date_from=2026-11-22&date_to=2026-11-22'

it.each([
  '',
  '?dir=asc&page=1',
  '?sort=username',
  '?sort=event_type&dir=asc',
  ...narrowed,
  ...narrowed.map((query) => `${query}&sort=username`),
  ...narrowed.map((query) => `${query}&sort=event_type&dir=asc`),
  `?${all}`,
  '?event_type=login_blocked&outcome=blocked',
])('the security log%s is counted and picked within an index, and only the rows of the page are read', async (query) => {
  const h = await createHarness()
  const browser = await h.signIn()
  await recordAudit(h.deps, { type: 'login_blocked', outcome: 'blocked', by: null, username: 'rosa', address: '192.0.2.9' })
  await recordAudit(h.deps, { type: 'blast_sent', by: { id: 1, username: 'rosa' }, address: '192.0.2.9' })
  const asked = (await queriesOf(h, browser, `/security/events${query}`)).filter(({ text }) => /FROM audit_events/.test(text))
  expect(asked).toHaveLength(2)
  for (const each of asked) {
    const plan = await planOf(h, each)
    const reads = plan.filter((line) => /^(SCAN|SEARCH) (e|audit_events)\b/.test(line))
    const rows = reads.filter((line) => /USING INTEGER PRIMARY KEY/.test(line))
    expect(reads.filter((line) => !/USING COVERING INDEX audit_events_/.test(line))).toEqual(rows)
    expect(rows).toHaveLength(/\bpicked\b/.test(each.text) ? 1 : 0)
    // Ten thousand of the newest are never sorted to show fifty.
    if (!/sort=/.test(query)) expect(plan.filter((line) => line.includes('TEMP B-TREE')).length).toBeLessThanOrEqual(1)
  }
})

it('the picker of templates reads those used last from their index, not all there are', async () => {
  const h = await createHarness()
  const browser = await h.signIn()
  const [picker, ...more] = (await queriesOf(h, browser, '/dashboard')).filter(({ text }) => text.includes('message_templates'))
  expect(more).toEqual([])
  expect(picker && (await planOf(h, picker))).toContain('SCAN message_templates USING INDEX message_templates_used')
})

it.each([
  ['/logs?search=supper', 'message_logs'],
  ['/scheduled?search=supper', 'scheduled_messages'],
])('a search at %s asks the index of its words, and scans no texts', async (path, table) => {
  const h = await createHarness()
  const browser = await h.signIn()
  const asked = (await queriesOf(h, browser, path)).filter(({ values }) => values.some((value) => String(value).includes('supper')))
  expect(asked.length).toBeGreaterThan(0)
  for (const each of asked) {
    const plan = (await planOf(h, each)).join('\n')
    expect(plan).toMatch(new RegExp(`SCAN ${table}_fts VIRTUAL TABLE INDEX`))
    expect(plan).not.toMatch(new RegExp(`SCAN ${table}\\b(?!_fts)`))
  }
})

it('the choice of events is cut from the index of dates, however many there are', async () => {
  const h = await createHarness()
  const browser = await h.signIn()
  const [choice, ...more] = (await queriesOf(h, browser, '/dashboard')).filter(({ text }) => text.includes('AS guests'))
  expect(more).toEqual([])
  const plan = choice ? (await planOf(h, choice)).filter((line) => /\be\b/.test(line)) : []
  expect(plan.filter((line) => line.startsWith('SCAN'))).toEqual([])
  expect(plan.filter((line) => line.includes('events_date')).length).toBeGreaterThanOrEqual(3)
})
