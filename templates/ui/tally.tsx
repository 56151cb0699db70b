import { count } from './format'

/** What became of people, in the order every bar and label has. */
export const tallyOrder = ['delivered', 'sent', 'accepted', 'skipped', 'failed', 'unknown', 'waiting'] as const
export type TallyKey = (typeof tallyOrder)[number]
export type TallyCounts = Partial<Record<TallyKey, number>>

const blastWords: Record<TallyKey, string> = {
  delivered: 'delivered',
  sent: 'on its way',
  accepted: 'handed over',
  skipped: 'skipped',
  failed: 'failed',
  unknown: 'being checked',
  waiting: 'to go',
}

type Slice = { key: TallyKey; n: number; from: number; to: number }

/** Edges are rounded before widths are taken, so that the widths add up to 100 whatever the numbers. */
function slices(counts: TallyCounts): { total: number; slices: Slice[] } {
  const present = tallyOrder.map((key) => ({ key, n: counts[key] ?? 0 })).filter(({ n }) => n > 0)
  const total = present.reduce((sum, { n }) => sum + n, 0)
  let before = 0
  const cut = present.map(({ key, n }) => {
    const from = percent(before, total)
    before += n
    return { key, n, from, to: percent(before, total) }
  })
  return { total, slices: cut }
}

const percent = (n: number, total: number): number => Math.round((n / total) * 100_000) / 1000
const width = ({ from, to }: Slice): string => `${Math.round((to - from) * 1000) / 1000}%`

type Props = {
  /** Makes the ids of its patterns; unique on the page. */
  id: string
  counts: TallyCounts
  /** Other words for the same places, e.g. an import's `new` for delivered. */
  words?: Partial<Record<TallyKey, string>>
  /** The thin bar in a table's row, which the words beside it already tell. */
  mini?: boolean
}

/** One bar for everyone. Its label says the whole sum; the sum below it says it again as text. */
export const Tally = ({ id, counts, words, mini }: Props) => {
  const { total, slices: cut } = slices(counts)
  const height = mini ? 6 : 26
  const said = cut.map(({ key, n }) => `${count(n)} ${words?.[key] ?? blastWords[key]}`).join(', ')
  const label = total === 0 ? 'Nobody' : `${said}, of ${count(total)}`
  return (
    <svg
      class={mini ? 'tally mini' : 'tally'}
      width="100%"
      height={height}
      role={mini ? undefined : 'img'}
      aria-label={mini ? undefined : label}
      aria-hidden={mini ? 'true' : undefined}
    >
      <Patterns id={id} />
      {cut.map((slice, index) => {
        const box = { x: `${slice.from}%`, y: 0, height }
        const pattern = patternOf(slice.key, id)
        return (
          <>
            <rect class={`f-${slice.key}`} width={width(slice)} {...box} />
            {pattern ? <rect fill={pattern} width={width(slice)} {...box} /> : null}
            {index > 0 ? <rect class="f-gap" width="1.5" {...box} /> : null}
          </>
        )
      })}
    </svg>
  )
}

/** Failed is hatched and unknown dotted, so that neither needs its colour to be told apart. */
export const Patterns = ({ id }: { id: string }) => (
  <defs>
    <pattern id={`${id}-hatch`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path class="f-hatch" stroke-width="2.5" d="M1.5 0v6" />
    </pattern>
    <pattern id={`${id}-dots`} width="5" height="5" patternUnits="userSpaceOnUse">
      <circle class="f-dot" cx="2.5" cy="2.5" r="1.3" />
    </pattern>
  </defs>
)

export function patternOf(key: TallyKey, id: string): string | undefined {
  if (key === 'failed') return `url(#${id}-hatch)`
  if (key === 'unknown') return `url(#${id}-dots)`
  return undefined
}

/** A term's place in the bar, small, beside its word. */
export const Key = ({ of }: { of: TallyKey }) => (
  <svg class="key" viewBox="0 0 12 12" aria-hidden="true">
    <rect class={`f-${of}`} width="12" height="12" />
    {of === 'failed' ? <path class="f-hatch" stroke-width="2.5" d="M-2 6 6 -2M-2 14 14 -2M6 14 14 6" /> : null}
    {of === 'unknown' ? <path class="f-dot" d={dots} /> : null}
  </svg>
)

const dots = [
  [2.5, 2.5],
  [7.5, 2.5],
  [2.5, 7.5],
  [7.5, 7.5],
]
  .map(([x, y]) => `M${x} ${y}m-1.3 0a1.3 1.3 0 1 0 2.6 0a1.3 1.3 0 1 0-2.6 0`)
  .join('')
