import type { Child } from 'hono/jsx'
import { count } from './format'
import { Key, type TallyKey } from './tally'

export type SumTerm = {
  /** Its place in the tally bar above. */
  key?: TallyKey
  label: string
  n: number
  sub?: Child
}

/** `total = term + term + …`, written out. Zero terms stay: a sum with a gap in it is not believed. */
export const Sum = ({ total, terms }: { total: { label: string; n: number; sub?: Child }; terms: readonly SumTerm[] }) => (
  <div class="sum-box">
    <dl class="sum">
      {[total, ...terms].map((term: SumTerm) => (
        <div>
          <dt>
            {term.key ? <Key of={term.key} /> : null}
            {term.label}
          </dt>
          <dd>{count(term.n)}</dd>
          {term.sub ? <dd class="sub">{term.sub}</dd> : null}
        </div>
      ))}
    </dl>
  </div>
)
