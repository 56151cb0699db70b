import type { Child, PropsWithChildren } from 'hono/jsx'

/** `words`: a value that may take several lines. */
export type Line = { label: Child; value: Child; hint?: Child; total?: boolean; words?: boolean }

/** Figures under each other, as on a till's slip; a total gets a rule above it. */
export const Lines = ({ lines }: { lines: readonly Line[] }) => (
  <dl class="lines">
    {lines.map(({ label, value, hint, total, words }) => (
      <div class={total ? 'total' : words ? 'words' : undefined}>
        <dt>
          {label}
          {hint ? <small>{hint}</small> : null}
        </dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

/** Its children are set apart by dashed rules: people, price, sender and time, the button. */
export const Receipt = ({ children }: PropsWithChildren) => <div class="receipt">{children}</div>
