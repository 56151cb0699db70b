import type { Child } from 'hono/jsx'
import { Icon } from './icon'

type Props = {
  title: string
  /** The page above this one. */
  crumb?: { href: string; label: string }
  lede?: Child
  /** A status pill and what stands beside it. */
  status?: Child
  /** Buttons and forms of one button; one of them filled at most. */
  acts?: Child
}

/** The beginning of every page: its one h1, and what can be done with all of it. */
export const PageHead = ({ title, crumb, lede, status, acts }: Props) => (
  <div class="head">
    <div>
      {crumb ? (
        <p class="crumb">
          <a href={crumb.href}>
            <Icon name="back" />
            {crumb.label}
          </a>
        </p>
      ) : null}
      <h1>{title}</h1>
      {lede ? <p class="lede">{lede}</p> : null}
      {status ? <p class="row mt">{status}</p> : null}
    </div>
    {acts ? <div class="row">{acts}</div> : null}
  </div>
)
