import type { TallyKey } from './tally'

export const chartParts = ['delivered', 'sent', 'failed', 'unknown'] as const satisfies readonly TallyKey[]
export type ChartPart = (typeof chartParts)[number]
export const chartWords: Record<ChartPart, string> = {
  delivered: 'Delivered',
  sent: 'No receipt yet',
  failed: 'Not delivered',
  unknown: 'Unclear',
}

/** One day; `label` as the axis shows it, e.g. `Oct 24`. */
export type ChartDay = { label: string } & Record<ChartPart, number>

export const dayTotal = (day: ChartDay): number => chartParts.reduce((sum, part) => sum + day[part], 0)
