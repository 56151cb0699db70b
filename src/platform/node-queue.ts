import type { Job, JobQueue, Log } from '../deps'
import { describeFault } from '../faults'

/** Nudges within one process. Equal nudges waiting together are one; a kind of job runs once at a time. */
export class NodeQueue implements JobQueue {
  private readonly log: Log
  private handler: ((job: Job) => Promise<void>) | null = null
  private readonly waiting = new Map<string, Job>()
  /** When each is due, in the monotonic clock. */
  private readonly timers = new Map<NodeJS.Timeout, number>()
  private readonly running = new Map<string, Promise<void>>()
  private closed = false

  constructor(log: Log) {
    this.log = log
  }

  start(handler: (job: Job) => Promise<void>): void {
    this.handler = handler
    this.pump()
  }

  async send(job: Job, delayMs = 0): Promise<void> {
    if (this.closed) return
    if (delayMs <= 0) return this.enqueue(job)
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      this.enqueue(job)
    }, delayMs)
    this.timers.set(timer, performance.now() + delayMs)
  }

  /** Resolves when nothing runs and nothing is due within `withinMs`. */
  async settle(withinMs: number): Promise<void> {
    for (;;) {
      await Promise.all(this.running.values())
      if (this.running.size > 0 || this.waiting.size > 0) continue
      const soonest = Math.min(...this.timers.values()) - performance.now()
      if (soonest > withinMs) return
      await new Promise((resume) => setTimeout(resume, Math.max(1, soonest)))
    }
  }

  /** Takes no more, and waits for what is running. */
  async close(): Promise<void> {
    this.closed = true
    for (const timer of this.timers.keys()) clearTimeout(timer)
    this.waiting.clear()
    await Promise.all(this.running.values())
  }

  private enqueue(job: Job): void {
    if (this.closed) return
    this.waiting.set(JSON.stringify(job), job)
    this.pump()
  }

  private pump(): void {
    if (!this.handler) return
    for (const [key, job] of this.waiting) {
      if (this.running.has(job.type)) continue
      this.waiting.delete(key)
      this.running.set(job.type, this.run(job, this.handler))
    }
  }

  private async run(job: Job, handler: (job: Job) => Promise<void>): Promise<void> {
    // Never in the caller's own turn: a request that nudges is answered first.
    await new Promise((resume) => setImmediate(resume))
    try {
      await handler(job)
    } catch (fault) {
      this.log('job failed', { job: job.type, fault: describeFault(fault) })
    } finally {
      this.running.delete(job.type)
      this.pump()
    }
  }
}
