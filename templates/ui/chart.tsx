import { type ChartDay, chartParts, chartWords, dayTotal } from './chart-days'
import { ChartTable } from './chart-table'
import { count } from './format'
import { Key, Patterns, patternOf } from './tally'

export type { ChartDay }

const top = 8
const base = 160
const steps = 3

/** The lowest of 1, 2, 5, 10, 20, … of which three reach over `highest`. */
function niceStep(highest: number): number {
  for (let scale = 1; ; scale *= 10) {
    const step = [1, 2, 5].map((n) => n * scale).find((n) => n * steps >= highest)
    if (step !== undefined) return step
  }
}

type Props = { id: string; title: string; period: string; days: readonly ChartDay[] }

/** Days as stacked bars. Widths are in %, heights in px, so that its 13 px labels stay 13 px on any screen. */
export const Chart = ({ id, title, period, days }: Props) => {
  const step = niceStep(Math.max(1, ...days.map(dayTotal)))
  const y = (n: number) => base - (n / (step * steps)) * (base - top)
  const said = chartParts.map((part) => `${count(days.reduce((sum, day) => sum + day[part], 0))} ${chartWords[part].toLowerCase()}`)
  return (
    <section class="card" aria-labelledby={`${id}-title`}>
      <div class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <p class="fine">{period}</p>
      </div>
      <div class="plot">
        <div class="axis" aria-hidden="true">
          {[3, 2, 1, 0].map((n) => (
            <span>{count(n * step)}</span>
          ))}
        </div>
        <svg class="chart" width="100%" height="190" role="img" aria-labelledby={`${id}-name ${id}-desc`}>
          <title id={`${id}-name`}>{`${title}, ${period}, by result`}</title>
          <desc id={`${id}-desc`}>{`${said.join(', ')}. The numbers are in the table below.`}</desc>
          <Patterns id={id} />
          {[1, 2, 3].map((n) => (
            <line class="grid" x1="0" x2="100%" y1={px(y(n * step))} y2={px(y(n * step))} />
          ))}
          <line class="base" x1="0" x2="100%" y1={base} y2={base} />
          {days.map((day, index) => (
            <Bar id={id} day={day} index={index} of={days.length} pxEach={(base - top) / (step * steps)} />
          ))}
          <Labels days={days} />
        </svg>
      </div>
      <ul role="list" class="legend mt">
        {chartParts.map((part) => (
          <li>
            <Key of={part} />
            {chartWords[part]}
          </li>
        ))}
      </ul>
      <ChartTable title={`${title}, ${period}`} days={days} />
    </section>
  )
}

const px = (n: number): string => String(Math.round(n * 1000) / 1000)

/** Never thinner than 1.5 px: one failed text among a thousand still shows. */
const Bar = ({ id, day, index, of, pxEach }: { id: string; day: ChartDay; index: number; of: number; pxEach: number }) => {
  const slot = 100 / of
  const wide = Math.min(slot * 0.72, 6)
  const x = `${px(index * slot + (slot - wide) / 2)}%`
  let floor = base
  const drawn = chartParts
    .filter((part) => day[part] > 0)
    .map((part) => {
      const height = Math.max(1.5, day[part] * pxEach)
      const box = { x, y: px(floor - height), width: `${px(wide)}%`, height: px(height) }
      floor -= height + 1
      return { part, box, pattern: patternOf(part, id) }
    })
  return (
    <>
      {drawn.map(({ part, box, pattern }) => (
        <>
          <rect class={`f-${part}`} {...box} />
          {pattern ? <rect fill={pattern} {...box} /> : null}
        </>
      ))}
    </>
  )
}

/** About seven dates; every second of them leaves on a phone. */
const Labels = ({ days }: { days: readonly ChartDay[] }) => {
  const last = days.length - 1
  const every = Math.max(1, Math.ceil(days.length / 7))
  const slot = 100 / days.length
  const shown = days
    .map((day, index) => ({ day, index }))
    .filter(({ index }) => index === last || (index % every === 0 && last - index >= every * 0.7))
  return (
    <>
      {shown.map(({ day, index }, place) => {
        const anchor = index === 0 ? 'start' : index === last ? 'end' : 'middle'
        const x = index === 0 ? 0 : index === last ? 100 : (index + 0.5) * slot
        return (
          <text class={place % 2 === 1 && index !== last ? 'alt' : undefined} x={`${px(x)}%`} y="180" text-anchor={anchor}>
            {day.label}
          </text>
        )
      })}
    </>
  )
}
