import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Job } from '../../src/deps'
import { NodeQueue } from '../../src/platform/node-queue'

let queue: NodeQueue
let logged: string[]
let runs: { job: Job; end(): void }[]

beforeEach(() => {
  vi.useFakeTimers()
  logged = []
  runs = []
  queue = new NodeQueue((event) => logged.push(event))
})

afterEach(() => {
  vi.useRealTimers()
})

/** Each job runs until its test ends it. */
const start = () => queue.start((job) => new Promise((end) => runs.push({ job, end })))
const settle = (ms = 1) => vi.advanceTimersByTimeAsync(ms)
const jobs = () => runs.map(({ job }) => job)

describe('nudges', () => {
  it('run what they name', async () => {
    start()
    await queue.send({ type: 'import', importId: 7 })
    await settle()
    expect(jobs()).toEqual([{ type: 'import', importId: 7 }])
  })

  it('are kept until the handler is there', async () => {
    await queue.send({ type: 'send' })
    start()
    await settle()
    expect(jobs()).toEqual([{ type: 'send' }])
  })

  it('do not run within the request that sends them', async () => {
    start()
    await queue.send({ type: 'send' })
    expect(runs).toHaveLength(0)
  })

  it('that wait together and are equal are one', async () => {
    for (const id of [1, 2, 1]) await queue.send({ type: 'import', importId: id })
    start()
    await settle()
    runs[0]?.end()
    await settle()
    runs[1]?.end()
    await settle()
    expect(jobs()).toEqual([
      { type: 'import', importId: 1 },
      { type: 'import', importId: 2 },
    ])
  })

  it('that come while their job runs make it run once more: it may have looked already', async () => {
    start()
    await queue.send({ type: 'send' })
    await settle()
    await queue.send({ type: 'send' })
    await queue.send({ type: 'send' })
    await settle()
    expect(runs).toHaveLength(1)
    runs[0]?.end()
    await settle()
    expect(runs).toHaveLength(2)
    runs[1]?.end()
    await settle()
    expect(runs).toHaveLength(2)
  })

  it('of another kind do not wait for it', async () => {
    start()
    await queue.send({ type: 'send' })
    await queue.send({ type: 'import', importId: 1 })
    await settle()
    expect(runs).toHaveLength(2)
  })

  it('with a delay come when it is over', async () => {
    start()
    await queue.send({ type: 'send' }, 5000)
    await settle(4999)
    expect(runs).toHaveLength(0)
    await settle()
    await settle()
    expect(runs).toHaveLength(1)
  })
})

it('a job that throws is logged, and the next one runs', async () => {
  let calls = 0
  queue.start(async () => {
    calls++
    throw new Error('broken')
  })
  await queue.send({ type: 'send' })
  await settle()
  await queue.send({ type: 'send' })
  await settle()
  expect(calls).toBe(2)
  expect(logged).toEqual(['job failed', 'job failed'])
})

describe('close', () => {
  it('waits for what runs', async () => {
    start()
    await queue.send({ type: 'send' })
    await settle()
    let closed = false
    const closing = queue.close().then(() => {
      closed = true
    })
    await settle(60_000)
    expect(closed).toBe(false)
    runs[0]?.end()
    await closing
    expect(closed).toBe(true)
  })

  it('drops what waits, what is delayed and what comes after', async () => {
    start()
    await queue.send({ type: 'send' })
    await settle()
    await queue.send({ type: 'send' })
    await queue.send({ type: 'import', importId: 1 }, 1000)
    const closing = queue.close()
    await queue.send({ type: 'import', importId: 2 })
    runs[0]?.end()
    await closing
    await settle(5000)
    expect(runs).toHaveLength(1)
  })
})

describe('settling', () => {
  it('waits for what runs and what is due soon, not for what is due later', async () => {
    const order: string[] = []
    queue.start(async (job) => {
      order.push(job.type)
      if (job.type === 'send') await queue.send({ type: 'receipts' }, 5000)
    })
    await queue.send({ type: 'send' })
    await queue.send({ type: 'import', importId: 1 }, 60_000)
    let settled = false
    const done = queue.settle(20_000).then(() => {
      settled = true
    })
    await vi.advanceTimersByTimeAsync(4000)
    expect([order, settled]).toEqual([['send'], false])
    await vi.advanceTimersByTimeAsync(2000)
    await done
    expect(order).toEqual(['send', 'receipts'])
  })
})
