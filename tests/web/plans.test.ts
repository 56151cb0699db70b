import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/db/database'
import { createHarness } from '../support/harness'

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
  const { watched, queries } = watchQueries(h.d1)
  h.deps.db = openDatabase(watched)
  expect((await browser.get(path)).status).toBe(200)

  const lists = queries.filter(({ text }) => /\bpicked\b/.test(text))
  expect(lists.length).toBeGreaterThan(0)
  for (const { text, values } of lists) {
    const { results } = await h.d1
      .prepare(`EXPLAIN QUERY PLAN ${text}`)
      .bind(...values)
      .all<{ detail: string }>()
    const plan = results.map(({ detail }) => detail)
    // The rows themselves are looked up one by one; whatever else reads the table stays within an index.
    expect(
      plan.filter((line) => /^(SCAN|SEARCH) [mdt] /.test(line) && !/COVERING|INTEGER PRIMARY KEY|message_deliveries_status/.test(line)),
    ).toEqual([])
    expect(plan.filter((line) => /^SEARCH [mdt] USING INTEGER PRIMARY KEY/.test(line))).toHaveLength(1)
    expect(plan.join()).not.toContain('AUTOMATIC')
  }
})

it('the picker of templates reads those used last from their index, not all there are', async () => {
  const h = await createHarness()
  const browser = await h.signIn()
  const { watched, queries } = watchQueries(h.d1)
  h.deps.db = openDatabase(watched)
  expect((await browser.get('/dashboard')).status).toBe(200)
  const [picker, ...more] = queries.filter(({ text }) => text.includes('message_templates'))
  expect(more).toEqual([])
  const { results } = await h.d1
    .prepare(`EXPLAIN QUERY PLAN ${picker?.text}`)
    .bind(...(picker?.values ?? []))
    .all<{ detail: string }>()
  expect(results.map(({ detail }) => detail)).toContain('SCAN message_templates USING INDEX message_templates_used')
})
