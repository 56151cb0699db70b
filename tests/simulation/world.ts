import { createDice, type Dice } from './dice'

type Event = { at: number; order: number; run(): void }

export type Violation = { invariant: string; detail: string }

export const begin = Date.parse('2026-11-22T17:00:00Z')

/** A database that answers at once lets a busy loop run for ever. */
const mostInAnInstant = 20_000

/**
 * Time and chance of one simulation. Whatever waits, waits here: the clock moves only from one event to the next, events of one instant
 * come in an order that the seed shuffles, and every continuation has run before the next event.
 */
export class World {
  readonly seed: number
  readonly dice: Dice
  readonly lines: string[] = []
  now = begin
  violation: Violation | null = null
  /** No faults any more: what is left must come to a good end. */
  calm = false
  private readonly heap: Event[] = []
  private hash = 0x811c9dc5
  private instant = 0

  constructor(seed: number) {
    this.seed = seed
    this.dice = createDice(seed)
  }

  at(delayMs: number, run: () => void): void {
    const { heap } = this
    const event = { at: this.now + Math.max(0, Math.round(delayMs)), order: this.dice.next(), run }
    let index = heap.length
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]
      if (!above || !isBefore(event, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = event
  }

  /** Runs what is due within `ms`; the clock then stands at the end of it. */
  async advance(ms: number): Promise<void> {
    const end = this.now + ms
    for (let next = this.heap[0]; next && next.at <= end && !this.violation; next = this.heap[0]) {
      this.take()
      this.instant = next.at > this.now ? 0 : this.instant + 1
      if (this.instant > mostInAnInstant) this.violate('nothing spins', `${mostInAnInstant} events at one time`)
      this.now = next.at
      next.run()
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.now = end
  }

  note(who: string, what: string): void {
    const line = `${clockTime(this.now - begin)}  ${who.padEnd(9)}${what}`
    this.lines.push(line)
    for (let i = 0; i < line.length; i++) this.hash = Math.imul(this.hash ^ line.charCodeAt(i), 0x01000193)
  }

  violate(invariant: string, detail: string): void {
    if (this.violation) return
    this.note('!', `${invariant}: ${detail}`)
    this.violation = { invariant, detail }
  }

  /** Of every line so far: equal for equal histories. */
  get fingerprint(): string {
    return (this.hash >>> 0).toString(16).padStart(8, '0')
  }

  private take(): void {
    const { heap } = this
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      const [left, right] = [heap[child], heap[child + 1]]
      if (!left) break
      const lesser = right && isBefore(right, left) ? right : left
      if (lesser === right) child++
      if (!isBefore(lesser, last)) break
      heap[index] = lesser
      index = child
    }
    heap[index] = last
  }
}

const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order)

function clockTime(ms: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
}
