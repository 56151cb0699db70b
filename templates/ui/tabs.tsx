import { type LayoutUser, type Place, type PlaceKey, roleName } from '../places'
import { Icon } from './icon'

/** By the thumb first; the first four of these that are there stand in the bar, the rest under More. */
const thumbOrder: readonly PlaceKey[] = ['dashboard', 'logs', 'scheduled', 'community', 'events', 'contacts']

/** The bar at the bottom of a phone. More is a `<details>`, so it opens without a script. */
export const Tabs = ({ places, current, user }: { places: readonly Place[]; current?: PlaceKey; user: LayoutUser }) => {
  const inBar = thumbOrder.flatMap((key) => places.find((place) => place.key === key) ?? []).slice(0, 4)
  const rest = places.filter((place) => !inBar.includes(place))
  return (
    <nav class="tabs" aria-label="Main, short">
      {inBar.map((place) => (
        <a href={place.href} aria-current={place.key === current ? 'page' : undefined}>
          <Icon name={place.icon} />
          <span>{place.short ?? place.label}</span>
        </a>
      ))}
      <details>
        <summary aria-current={rest.some(({ key }) => key === current) ? 'true' : undefined}>
          <Icon name="menu" />
          <span>More</span>
        </summary>
        <div class="sheet">
          <ul role="list" class="nav">
            {rest.map((place) => (
              <li>
                <a href={place.href} aria-current={place.key === current ? 'page' : undefined}>
                  <Icon name={place.icon} />
                  <span>{place.label}</span>
                </a>
              </li>
            ))}
            <li>
              <a href="/account/password">
                <Icon name="person" />
                <span>Password</span>
              </a>
            </li>
            <li>
              <a href="/account/second-factor">
                <Icon name="key" />
                <span>Sign-in code</span>
              </a>
            </li>
          </ul>
          <form class="row" action="/logout" method="post">
            <p class="fine">
              {user.username} · {roleName(user.role)}
            </p>
            <button class="btn btn-plain row-end" type="submit">
              <Icon name="leave" />
              Sign out
            </button>
          </form>
        </div>
      </details>
    </nav>
  )
}
