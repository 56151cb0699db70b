import type { Child, PropsWithChildren } from 'hono/jsx'
import { Icon, type IconName } from './icon'

export type NoteKind = 'ok' | 'info' | 'warn' | 'bad' | 'hold'

const icons: Record<NoteKind, IconName> = { ok: 'done', info: 'info', warn: 'warning', bad: 'warning', hold: 'clock' }

type Props = PropsWithChildren<{
  kind: NoteKind
  /** The bold beginning; the children say what follows from it. */
  fact?: string
  /** At most one: a link or a form with one button. */
  act?: Child
  /** The act below the words instead of beside them. */
  tall?: boolean
  /** An answer to what was just done, read out at once. */
  flash?: boolean
  icon?: IconName
  /** Stands in for the icon: the hold clock. */
  art?: Child
}>

export const Note = ({ kind, fact, act, tall, flash, icon, art, children }: Props) => (
  <div
    class={['note', kind !== 'info' && `note-${kind}`, tall && 'note-tall', flash && 'flash'].filter(Boolean).join(' ')}
    role={flash ? 'status' : undefined}
  >
    {art ?? <Icon name={icon ?? icons[kind]} />}
    <p>
      {fact ? <strong>{fact}</strong> : null}
      {fact && children ? ' ' : null}
      {children}
    </p>
    {act}
  </div>
)

/** What a page before said in one line: `{kind: 'ok', fact: 'Priya Kapoor was added.', text: 'She gets the next text to everyone.'}`. */
export type FlashNote = {
  kind: Exclude<NoteKind, 'hold'>
  fact: string
  text?: string
  /** A way back, as a link or as a form with one button. */
  act?: { href: string; label: string; post?: boolean }
}

export const Flash = ({ note }: { note: FlashNote }) => (
  <Note kind={note.kind} fact={note.fact} flash act={note.act ? <FlashAct act={note.act} /> : undefined}>
    {note.text}
  </Note>
)

const FlashAct = ({ act }: { act: NonNullable<FlashNote['act']> }) =>
  act.post ? (
    <form method="post" action={act.href}>
      <button class="btn" type="submit">
        {act.label}
      </button>
    </form>
  ) : (
    <a class="btn" href={act.href}>
      {act.label}
    </a>
  )

/** Seconds left to undo. `until` is UTC ms; app.js steps it, without a script the page's own words stand. */
export const HoldClock = ({ until, now, seconds }: { until: number; now: number; seconds: number }) => {
  const left = Math.max(0, Math.ceil((until - now) / 1000))
  const hand = 138.23 * Math.min(1, seconds > 0 ? left / seconds : 0)
  return (
    <svg
      class="hold-clock"
      viewBox="0 0 52 52"
      role="timer"
      aria-label="Seconds left to undo"
      data-until={until}
      data-now={now}
      data-seconds={seconds}
    >
      <circle class="clock-track" cx="26" cy="26" r="22" fill="none" stroke-width="5" />
      <circle
        class="clock-hand"
        cx="26"
        cy="26"
        r="22"
        fill="none"
        stroke-width="5"
        stroke-dasharray={`${hand.toFixed(1)} 138.3`}
        transform="rotate(-90 26 26)"
      />
      <text x="26" y="32" text-anchor="middle">
        {left}
      </text>
    </svg>
  )
}
