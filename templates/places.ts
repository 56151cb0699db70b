import type { IconName } from './ui/icon'

export type Role = 'admin' | 'social_manager'

export type LayoutUser = { username: string; role: Role }

/** `social_manager` → `social manager`. */
export const roleName = (role: Role): string => role.replace('_', ' ')

export type PlaceKey =
  | 'dashboard'
  | 'logs'
  | 'scheduled'
  | 'templates'
  | 'community'
  | 'events'
  | 'unsubscribed'
  | 'contacts'
  | 'users'
  | 'security'
  | 'simulator'

export type Place = {
  key: PlaceKey
  href: string
  label: string
  /** For the bar at the bottom of a phone. */
  short?: string
  icon: IconName
  group: 'write' | 'people' | 'office'
  roles: readonly Role[]
}

const everyone = ['admin', 'social_manager'] as const
const admins = ['admin'] as const

/** Every place of the product, in the order of the side bar. */
export const allPlaces: readonly Place[] = [
  { key: 'dashboard', href: '/dashboard', label: 'Write a text', short: 'Write', icon: 'write', group: 'write', roles: everyone },
  { key: 'logs', href: '/logs', label: 'Blasts', icon: 'send', group: 'write', roles: everyone },
  { key: 'scheduled', href: '/scheduled', label: 'Scheduled', icon: 'clock', group: 'write', roles: everyone },
  { key: 'templates', href: '/templates', label: 'Templates', icon: 'template', group: 'write', roles: everyone },
  { key: 'community', href: '/community', label: 'Members', icon: 'people', group: 'people', roles: everyone },
  { key: 'events', href: '/events', label: 'Events', icon: 'calendar', group: 'people', roles: everyone },
  { key: 'unsubscribed', href: '/unsubscribed', label: 'Opt-outs', icon: 'barred', group: 'people', roles: admins },
  { key: 'contacts', href: '/contacts', label: 'Find a person', icon: 'search', group: 'people', roles: everyone },
  { key: 'users', href: '/users', label: 'Staff', icon: 'key', group: 'office', roles: admins },
  { key: 'security', href: '/security/events', label: 'Security log', icon: 'shield', group: 'office', roles: admins },
  { key: 'simulator', href: '/simulator', label: 'Pretend phones', icon: 'phone', group: 'office', roles: everyone },
]
