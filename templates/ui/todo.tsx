import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icon'
import type { Tone } from './status'

export type TodoItem = { icon: IconName; tone?: Tone; fact: Child; rest?: Child; act?: { href: string; label: string; plain?: boolean } }

/** One act a line: what needs a person, or what comes next. */
export const Todo = ({ items }: { items: readonly TodoItem[] }) => (
  <ul role="list" class="todo">
    {items.map(({ icon, tone, fact, rest, act }) => (
      <li>
        {tone ? (
          <span class={`is-${tone}`}>
            <Icon name={icon} />
          </span>
        ) : (
          <Icon name={icon} />
        )}
        <p>
          <strong>{fact}</strong> {rest ? <span class="quiet">{rest}</span> : null}
        </p>
        {act ? (
          <a class={act.plain ? 'btn btn-plain' : 'btn'} href={act.href}>
            {act.label}
          </a>
        ) : null}
      </li>
    ))}
  </ul>
)
