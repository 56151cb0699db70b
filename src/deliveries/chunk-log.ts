import type { Log } from '../deps'
import { type Finished, isSilence } from './record-finished'

type Chunk = {
  claimed: number
  skipped: number
  accepted: number
  failed: number
  /** Waits for another try. */
  again: number
  throttled: number
  unknown: number
  codes: Map<number, number>
}

/** A line for each blast and chunk of work, for whoever runs the server: numbers and the provider's codes, no phone and no text. */
export class ChunkLog {
  private readonly log: Log
  private chunks = new Map<number, Chunk>()
  private since: number

  constructor(log: Log, now: number) {
    this.log = log
    this.since = now
  }

  claimed(logId: number, sending: number, skipped: number): void {
    const chunk = this.chunk(logId)
    chunk.claimed += sending
    chunk.skipped += skipped
  }

  answered(finished: readonly Finished[]): void {
    for (const { logId, result } of finished) {
      const chunk = this.chunk(logId)
      if (result.code !== null) chunk.codes.set(result.code, (chunk.codes.get(result.code) ?? 0) + 1)
      if (result.sid !== null) chunk.accepted++
      else if (result.effect.kind === 'throttle') chunk.throttled++
      else if (result.status === 'failed') chunk.failed++
      else if (result.status === 'unknown' || isSilence(result)) chunk.unknown++
      else chunk.again++
    }
  }

  flush(now: number): void {
    for (const [blast, { codes, ...counts }] of this.chunks) {
      const named = [...codes].map(([code, n]) => `${code} × ${n}`).join(', ')
      this.log('chunk', { blast, ...counts, codes: named, ms: now - this.since })
    }
    this.chunks.clear()
    this.since = now
  }

  private chunk(logId: number): Chunk {
    const chunk = this.chunks.get(logId) ?? {
      claimed: 0,
      skipped: 0,
      accepted: 0,
      failed: 0,
      again: 0,
      throttled: 0,
      unknown: 0,
      codes: new Map(),
    }
    this.chunks.set(logId, chunk)
    return chunk
  }
}
