import { expect, it } from 'vitest'
import { runtime } from '#host'
import { openDatabase } from '../../src/db/database'
import { applyStatusCallback } from '../../src/deliveries/callbacks'
import { runJob } from '../../src/jobs'
import { workerBudget } from '../../src/platform/cloudflare'
import { createSending } from '../support/sending'

/** D1 bills rows read and rows written, index entries among them (developers.cloudflare.com/d1/platform/pricing). */
function countRows(d1: D1Database) {
  const sum = { read: 0, written: 0, queries: 0 }
  const add = (result: D1Result) => {
    sum.read += result.meta.rows_read
    sum.written += result.meta.rows_written
    sum.queries++
    return result
  }
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => wrap(target.bind(...values))
        if (name === 'all' || name === 'run') return async () => add(await target.all())
        if (name === 'original') return target
        return Reflect.get(target, name).bind(target)
      },
    })
  const counted = new Proxy(d1, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => wrap(target.prepare(query))
      if (name === 'batch')
        return async (statements: (D1PreparedStatement & { original: D1PreparedStatement })[]) =>
          (await target.batch(statements.map(({ original }) => original))).map(add)
      return Reflect.get(target, name).bind(target)
    },
  })
  return { counted, sum }
}

it.runIf(runtime === 'workerd')('a recipient costs few rows over a whole life: snapshot, claim, record, two callbacks', async () => {
  const h = await createSending()
  const people = 300
  await h.addMembers(people)
  const { counted, sum } = countRows(h.d1)
  h.deps.db = openDatabase(counted)
  const steps: Record<string, { read: number; written: number; queries: number }> = {}
  const step = async (name: string, act: () => Promise<unknown>) => {
    Object.assign(sum, { read: 0, written: 0, queries: 0 })
    await act()
    steps[name] = { read: sum.read / people, written: sum.written / people, queries: sum.queries }
  }
  let id = 0
  await step('snapshot', async () => {
    id = await h.blast()
  })
  await step('claim and record', () => runJob(h.deps, { type: 'send' }))
  const rows = await h.rows(id)
  const tell = async (status: 'sent' | 'delivered') => {
    for (const row of rows) {
      const callback = { deliveryId: row.id, attemptToken: row.token ?? '', sid: row.sid ?? '', errorCode: null, parts: null }
      await applyStatusCallback(h.deps, { ...callback, status })
    }
  }
  await step('sent', () => tell('sent'))
  await step('delivered', () => tell('delivered'))
  // biome-ignore lint/suspicious/noConsole: the figures are what this test is for
  console.log(steps)
  const written = Object.values(steps).reduce((total, each) => total + each.written, 0)
  expect(written).toBeLessThan(16)
})

it.runIf(runtime === 'workerd')("one run on a Worker stays within 50 queries and requests together, the free plan's limit", async () => {
  const h = await createSending({ SEND_CONCURRENCY: '6' })
  await h.addMembers(100)
  await h.blast()
  const { counted, sum } = countRows(h.d1)
  h.deps.db = openDatabase(counted)
  h.deps.budget = { ...h.deps.budget, operationsPerRun: workerBudget.operationsPerRun }
  while (h.twilio.messages.length < 100) {
    const before = h.twilio.requests.length
    sum.queries = 0
    await runJob(h.deps, { type: 'send' })
    expect(sum.queries + h.twilio.requests.length - before).toBeLessThanOrEqual(50)
  }
})

it.runIf(runtime === 'workerd')('nor do questions about unknown ones cost a Worker more, whatever they bring to light', async () => {
  const h = await createSending({ SEND_CONCURRENCY: '6' })
  await h.addMembers(40)
  h.twilio.decide = () => ({ kind: 'drop', when: 'after' })
  const id = await h.blast()
  await runJob(h.deps, { type: 'send' })
  for (const message of h.twilio.messages) Object.assign(message, { status: 'undelivered', errorCode: 30_017 })
  const { counted, sum } = countRows(h.d1)
  h.deps.db = openDatabase(counted)
  h.deps.budget = { ...h.deps.budget, operationsPerRun: workerBudget.operationsPerRun }
  while ((await h.rows(id)).some(({ status }) => status === 'unknown')) {
    const before = h.twilio.requests.length
    sum.queries = 0
    h.nudges.length = 0
    await runJob(h.deps, { type: 'reconcile' })
    expect(sum.queries + h.twilio.requests.length - before + h.nudges.length).toBeLessThanOrEqual(50)
  }
})
