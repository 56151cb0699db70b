import { raw } from 'hono/html'
import { createContext, type PropsWithChildren, useContext } from 'hono/jsx'

const drawings = {
  phone: '<rect x="4.2" y="1.5" width="7.6" height="13" rx="1.6"/><path d="M7.2 12.3h1.6"/>',
  search: '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>',
  write: '<path d="M3 13l.6-2.8L10.9 3a1.4 1.4 0 0 1 2 2L5.7 12.4 3 13Z"/><path d="M9.6 4.3l2 2"/>',
  inbox: '<path d="M2.2 9.5 4 3.4h8l1.8 6.1v3.1H2.2V9.5Z"/><path d="M2.2 9.5h3.2l1 1.6h3.2l1-1.6h3.2"/>',
  send: '<path d="M14 2 7.4 8.6M14 2 9.8 14 7.4 8.6 2 6.2 14 2Z"/>',
  template: '<path d="M2 2.5h12v8.3H7.4L4.2 13.6v-2.8H2V2.5Z"/><path d="M5 5.4h6M5 7.9h4"/>',
  clock: '<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.4 1.6"/>',
  people:
    '<circle cx="6" cy="5.5" r="2.5"/><path d="M1.5 13.5c.3-2.5 2-4 4.5-4s4.2 1.5 4.5 4M10.5 3.3a2.5 2.5 0 0 1 0 4.4M12 9.8c1.5.5 2.4 1.8 2.6 3.7"/>',
  calendar: '<rect x="2" y="3" width="12" height="11" rx="1.5"/><path d="M2 6.5h12M5.2 1.5V4M10.8 1.5V4"/>',
  barred: '<circle cx="8" cy="8" r="6"/><path d="m3.9 3.9 8.2 8.2"/>',
  key: '<circle cx="5.2" cy="10.8" r="2.9"/><path d="m7.3 8.7 5.9-5.9M11 5l1.8 1.8"/>',
  shield: '<path d="M8 1.6 13.5 3.5v4.2c0 3.2-2.1 5.4-5.5 6.7-3.4-1.3-5.5-3.5-5.5-6.7V3.5L8 1.6Z"/>',
  back: '<path d="M10 3 5 8l5 5"/>',
  next: '<path d="m6 3 5 5-5 5"/>',
  undo: '<path d="M6 3 2.8 6.2 6 9.4"/><path d="M3 6.2h6a4 4 0 0 1 0 8H6.5"/>',
  menu: '<path d="M2 4.5h12M2 8h12M2 11.5h12"/>',
  person: '<circle cx="8" cy="5.3" r="2.8"/><path d="M2.8 14c.4-3 2.3-4.5 5.2-4.5s4.8 1.5 5.2 4.5"/>',
  leave: '<path d="M9.5 2.5h-6v11h6M7 8h7M11.5 5.5 14 8l-2.5 2.5"/>',
  pause: '<path d="M5.5 3v10M10.5 3v10"/>',
  resume: '<path d="M4.5 2.8v10.4L13 8 4.5 2.8Z"/>',
  cross: '<path d="m4 4 8 8M12 4l-8 8"/>',
  plus: '<path d="M8 3v10M3 8h10"/>',
  file: '<path d="M3.5 1.8h5.8l3.2 3.2v9.2h-9V1.8Z"/><path d="M9 2v3.3h3.3"/>',
  download: '<path d="M8 2.5v8M4.8 7.5 8 10.5l3.2-3M2.5 10.5v3h11v-3"/>',
  upload: '<path d="M8 10.5V2.5M4.8 5.5 8 2.5l3.2 3M2.5 10.5v3h11v-3"/>',
  more: '<circle cx="3" cy="8" r="1.3" class="solid"/><circle cx="8" cy="8" r="1.3" class="solid"/><circle cx="13" cy="8" r="1.3" class="solid"/>',
  trash: '<path d="M2.8 4.2h10.4M6 4V2.5h4V4M4 4.2l.7 9.3h6.6l.7-9.3M6.8 7v4M9.2 7v4"/>',
  up: '<path d="M8 13V3M4 7l4-4 4 4"/>',
  down: '<path d="M8 3v10M4 9l4 4 4-4"/>',
  moon: '<path d="M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1Z"/>',
  warning: '<path d="M8 2 14.8 13.8H1.2L8 2Z"/><path d="M8 6.5v3.4M8 11.9v.1"/>',
  info: '<circle cx="8" cy="8" r="6"/><path d="M8 7.3v3.9M8 4.9V5"/>',
  done: '<circle cx="8" cy="8" r="6"/><path d="m5.3 8.2 1.9 1.9 3.6-4"/>',
  waiting: '<circle cx="8" cy="8" r="6" stroke-dasharray="2 2.7"/>',
  sending: '<circle cx="8" cy="8" r="6" stroke-dasharray="3 2.2"/><circle cx="8" cy="8" r="2" class="solid"/>',
  accepted: '<path d="m2.5 8.5 3.5 3.5 7.5-8"/>',
  sent: '<circle cx="8" cy="8" r="6"/><path d="M4.8 8h6.2M8.6 5.5 11.1 8l-2.5 2.5"/>',
  delivered: '<circle cx="8" cy="8" r="6.7" class="solid"/><path class="cut" stroke-width="2" d="m5 8.3 2.1 2.1L11.2 6"/>',
  undelivered: '<circle cx="8" cy="8" r="6"/><path d="m5.7 5.7 4.6 4.6M10.3 5.7l-4.6 4.6"/>',
  failed:
    '<path class="solid" d="M5.2 1.3h5.6l3.9 3.9v5.6l-3.9 3.9H5.2l-3.9-3.9V5.2l3.9-3.9Z"/><path class="cut" stroke-width="2" d="m5.7 5.7 4.6 4.6M10.3 5.7l-4.6 4.6"/>',
  skipped: '<path d="M3 3v10M6 8h7M10.3 5.3 13 8l-2.7 2.7"/>',
  unknown: '<circle cx="8" cy="8" r="6"/><path d="M6.2 6.3c.2-1 .9-1.5 1.8-1.5 1.1 0 1.8.7 1.8 1.6 0 1.4-1.8 1.4-1.8 2.6M8 11.2v.1"/>',
} as const

export type IconName = keyof typeof drawings

// Elements are dear: a page has a hundred icons, so each is text that is made once.
const whole = new Map(
  Object.entries(drawings).map(([name, drawing]) => [
    name,
    raw(`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${drawing}</svg>`),
  ]),
)

type Sheet = { id: string; used: Set<IconName> }
const SheetContext = createContext<Sheet | null>(null)

/** A 16 × 16 drawing in the colour of its text. The word beside it carries the meaning, so it is hidden from screen readers. */
export const Icon = ({ name }: { name: IconName }) => {
  const sheet = useContext(SheetContext)
  if (!sheet) return <>{whole.get(name)}</>
  sheet.used.add(name)
  return raw(`<svg class="icon" aria-hidden="true"><use href="#${sheet.id}-${name}"/></svg>`)
}

/** Rows repeat their icons: within a sheet each is drawn once and only named where it stands. `id` is the page's own for this sheet. */
export const IconSheet = ({ id, children }: PropsWithChildren<{ id: string }>) => {
  const sheet: Sheet = { id, used: new Set() }
  return (
    <>
      <SheetContext.Provider value={sheet}>{children}</SheetContext.Provider>
      <Symbols sheet={sheet} />
    </>
  )
}

/** Rendered after the rows, when it is known which are used. */
const Symbols = ({ sheet: { id, used } }: { sheet: Sheet }) => {
  const symbols = [...used].map((name) => `<symbol id="${id}-${name}" viewBox="0 0 16 16">${drawings[name]}</symbol>`)
  return raw(`<svg class="vh" aria-hidden="true">${symbols.join('')}</svg>`)
}
