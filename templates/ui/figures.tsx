import type { Child } from 'hono/jsx'

export type Figure = { label: string; value: string; sub?: Child }

export const Figures = ({ figures }: { figures: readonly Figure[] }) => (
  <dl class="figures card">
    {figures.map(({ label, value, sub }) => (
      <div>
        <dt>{label}</dt>
        <dd>{value}</dd>
        {sub ? <dd class="sub">{sub}</dd> : null}
      </div>
    ))}
  </dl>
)
