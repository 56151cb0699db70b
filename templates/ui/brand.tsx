const bubble = 'M8 2h16a7 7 0 0 1 7 7v10a7 7 0 0 1-7 7H11.5L4.2 30.7A1.4 1.4 0 0 1 2 29.5V9a7 7 0 0 1 6-7Z'

export const Brand = ({ href = '/dashboard' }: { href?: string }) => (
  <a class="brand" href={href}>
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path class="logo-bubble" d={bubble} />
      <g fill="none" stroke-linecap="round" stroke-width="2.3">
        <path class="logo-bars" d="M9.5 8v12M14.2 8v12M18.9 8v12M23.6 8v12" />
        <path class="logo-slash" stroke-width="2.7" d="M6.4 18.4 26.6 9.6" />
      </g>
    </svg>
    <span>
      <b>SMS</b> Admin
    </span>
  </a>
)
