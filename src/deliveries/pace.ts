/** A token bucket: at most `perSecond` messages a second on average, none saved up for later. 0 is no cap. */
export class Pace {
  private readonly perSecond: number
  private readonly now: () => number
  private tokens = 1
  private filledAt: number

  constructor(perSecond: number, now: () => number) {
    this.perSecond = perSecond
    this.now = now
    this.filledAt = now()
  }

  /** How many may leave now, at most `wanted`; they count as gone. */
  take(wanted: number): number {
    if (this.perSecond === 0) return wanted
    const now = this.now()
    const size = Math.max(1, this.perSecond / 10)
    this.tokens = Math.min(size, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond)
    this.filledAt = now
    const taken = Math.min(wanted, Math.floor(this.tokens))
    this.tokens -= taken
    return taken
  }

  /** Taken but not used. */
  giveBack(count: number): void {
    if (this.perSecond > 0) this.tokens += count
  }

  /** Milliseconds until one may leave. */
  wait(): number {
    return this.perSecond === 0 || this.tokens >= 1 ? 0 : Math.ceil(((1 - this.tokens) / this.perSecond) * 1000)
  }
}
