import type { PropsWithChildren } from 'hono/jsx'
import { Icon } from './icon'

/** What can be done with one row: links, and forms of one button. Only one is open at a time; on a phone it is a sheet. */
export const Menu = ({ label, children }: PropsWithChildren<{ label: string }>) => (
  <details class="menu" name="menu">
    <summary aria-label={label}>
      <Icon name="more" />
    </summary>
    <div>{children}</div>
  </details>
)
