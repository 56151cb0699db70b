import type { Child, PropsWithChildren } from 'hono/jsx'
import { Document, Tape } from './document'
import { allPlaces, type LayoutUser, type Place, type PlaceKey, type Role, roleName } from './places'
import { Brand } from './ui/brand'
import { Icon } from './ui/icon'
import { Flash, type FlashNote } from './ui/note'
import { Tabs } from './ui/tabs'

export { allPlaces, type LayoutUser, type Place, type PlaceKey, type Role }

export type LayoutProps = PropsWithChildren<{
  title: string
  /** The place this page belongs to. */
  current?: PlaceKey
  user: LayoutUser
  /** No provider's account: nothing leaves this machine. */
  simulated: boolean
  /** What the page before has to say, oldest first. */
  flash?: readonly FlashNote[]
  /** Further notices above the page. */
  notices?: Child
  assetVersion: string
  /** The places that are switched on. */
  available: readonly PlaceKey[]
  places?: readonly Place[]
  /** A blast is under way. */
  sending?: boolean
}>

const groups = [
  { key: 'write', title: undefined },
  { key: 'people', title: 'People' },
  { key: 'office', title: 'Office' },
] as const

export const Layout = (props: LayoutProps) => {
  const { title, current, user, simulated, flash = [], notices, assetVersion, available, places = allPlaces, sending, children } = props
  const open = places.filter(({ key, roles }) => available.includes(key) && roles.includes(user.role) && (simulated || key !== 'simulator'))
  return (
    <Document title={title} assetVersion={assetVersion}>
      <div class="shell">
        <header class="top">
          {simulated ? <Tape linked={available.includes('simulator')} /> : null}
          <div class="bar">
            <Brand />
            {available.includes('contacts') ? (
              <a class="bar-link" href="/contacts" aria-label="Find a person">
                <Icon name="search" />
              </a>
            ) : null}
          </div>
        </header>
        <SideBar places={open} current={current} user={user} sending={sending} />
        <main class="main" id="main" tabindex={-1}>
          {flash.map((note) => (
            <Flash note={note} />
          ))}
          {notices}
          {children}
        </main>
        <Tabs places={open} current={current} user={user} />
      </div>
    </Document>
  )
}

type SideBarProps = { places: readonly Place[]; current?: PlaceKey; user: LayoutUser; sending?: boolean }

const SideBar = ({ places, current, user, sending }: SideBarProps) => (
  <nav class="side" aria-label="Main">
    <div class="side-in">
      <Brand />
      <div>
        {groups.map(({ key, title }) => {
          const group = places.filter((place) => place.group === key)
          if (group.length === 0) return null
          return (
            <>
              {title ? (
                <h2 class="nav-title" id={`nav-${key}`}>
                  {title}
                </h2>
              ) : null}
              <ul role="list" class="nav" aria-labelledby={title ? `nav-${key}` : undefined}>
                {group.map((place) => (
                  <li>
                    <a href={place.href} aria-current={place.key === current ? 'page' : undefined}>
                      <Icon name={place.icon} />
                      <span>{place.label}</span>
                      {sending && place.key === 'logs' ? <small class="live-dot">sending</small> : null}
                    </a>
                  </li>
                ))}
              </ul>
            </>
          )
        })}
      </div>
      <div class="whoami">
        <div class="row">
          <p>
            <strong>{user.username}</strong> · {roleName(user.role)}
          </p>
          <form class="row-end" action="/logout" method="post">
            <button class="linky" type="submit">
              Sign out
            </button>
          </form>
        </div>
        <div class="row">
          <a href="/account/password">Password</a>
          <a href="/account/second-factor">Sign-in code</a>
        </div>
      </div>
    </div>
  </nav>
)
