import type { Child, PropsWithChildren } from 'hono/jsx'
import { count, money, plural } from './format'
import { Icon } from './icon'

/** Puts a field where the cursor stands. They need the script and are hidden without it. */
export const FieldChips = ({ into, note }: { into: string; note?: Child }) => (
  <div class="chips" role="group" aria-label="Put in a personal word">
    <button class="chip chip-field needs-script" type="button" data-insert="{first_name|friend}" data-into={into}>
      + First name
    </button>
    <button class="chip chip-field needs-script" type="button" data-insert="{full_name|friend}" data-into={into}>
      + Full name
    </button>
    {note ? <span class="fine">{note}</span> : null}
  </div>
)

const mostBoxes = 10

/** A box per part, amber from the second. `used` is in parts: 2.03 is two full ones and a beginning. */
export const PartsMeter = ({ used }: { used: number }) => {
  const parts = Math.max(1, Math.ceil(used))
  const boxes = Math.min(parts, mostBoxes)
  const gap = 4
  const width = (120 - gap * (boxes - 1)) / boxes
  return (
    <svg class="parts" viewBox="0 0 120 10" role="img" aria-label={plural(parts, 'part')}>
      {Array.from({ length: boxes }, (_, index) => {
        const x = index * (width + gap)
        const full = Math.max(0, Math.min(1, used - index))
        return (
          <>
            <rect class="parts-box" x={short(x + 0.5)} y=".5" width={short(width - 1)} height="9" rx="2" />
            {full > 0 ? (
              <rect class={index === 0 ? 'parts-fill' : 'parts-over'} x={short(x)} y="0" width={short(full * width)} height="10" rx="2" />
            ) : null}
          </>
        )
      })}
    </svg>
  )
}

const short = (n: number): string => String(Math.round(n * 100) / 100)

type CounterProps = {
  id: string
  /** Parts of the longest text, with how full the last one is. */
  used: number
  parts: { min: number; max: number }
  /** US dollars for everyone, as an estimate. */
  cost?: number
  /** Of the longest text. */
  characters: number
}

function partsEach({ min, max }: CounterProps['parts']): string {
  if (min === max) return plural(max, 'part')
  return `${min} ${max - min === 1 ? 'or' : 'to'} ${max} parts`
}

export const Counter = ({ id, used, parts, cost, characters }: CounterProps) => (
  <p class="counter" id={id} role="status">
    <PartsMeter used={used} />
    <span>
      <strong>{partsEach(parts)}</strong> each
    </span>
    {cost === undefined ? null : (
      <span>
        about <strong>{money(cost)}</strong>
      </span>
    )}
    <span>{characters === 1 ? '1 character' : `${count(characters)} characters`}</span>
  </p>
)

/** One thing about the text that costs money, with at most one button that mends it. */
export const Nudge = ({ act, children }: PropsWithChildren<{ act?: Child }>) => (
  <div class="nudge">
    <Icon name="info" />
    <p>{children}</p>
    {act}
  </div>
)

/** A single character shown so that it can be told from its like. */
export const Glyph = ({ children }: PropsWithChildren) => <span class="glyph">{children}</span>
