import type { Child } from 'hono/jsx'
import { Blame, type BlameKind } from './blame'
import { count } from './format'

export type Reason = {
  n: number
  title: string
  /** Nobody's fault: left out. */
  by?: BlameKind
  /** What changes for them, and what to do. */
  text: Child
  /** The provider's codes, shown last: `Twilio 30003`. */
  code?: string
  /** See who. */
  link?: { href: string; label: string }
}

/** Why texts failed, one cause a row. */
export const Reasons = ({ reasons }: { reasons: readonly Reason[] }) => (
  <ul role="list" class="reasons card">
    {reasons.map(({ n, title, by, text, code, link }) => (
      <li>
        <span class="n">{count(n)}</span>
        <div>
          <h3>
            {title} {by ? <Blame by={by} /> : null}
          </h3>
          <p>
            {text}
            {code ? <span class="nowrap"> {code}</span> : null}
          </p>
        </div>
        {link ? (
          <a class="btn btn-plain" href={link.href}>
            {link.label}
          </a>
        ) : null}
      </li>
    ))}
  </ul>
)
