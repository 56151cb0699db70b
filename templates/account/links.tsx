const pages = [
  { href: '/account/password', label: 'Password' },
  { href: '/account/second-factor', label: 'Sign-in code' },
  { href: '/account/sessions', label: 'Where you are signed in' },
] as const

/** From one page of one's own account to the others. */
export const AccountLinks = ({ here }: { here: (typeof pages)[number]['href'] }) =>
  pages
    .filter(({ href }) => href !== here)
    .map(({ href, label }) => (
      <a class="btn" href={href}>
        {label}
      </a>
    ))
