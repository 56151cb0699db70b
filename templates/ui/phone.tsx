import type { Child, PropsWithChildren } from 'hono/jsx'

/** A stretch of a text; `filled` was put in for this person. */
export type TextPart = string | { filled: string }

/** `Hi {first_name|friend}, …` with its fields as parts of their own. */
export const templateParts = (template: string): TextPart[] =>
  template
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== '')
    .map((part) => (/^\{[^{}]*\}$/.test(part) ? { filled: part } : part))

type BubbleProps = {
  text: string | readonly TextPart[]
  /** From the phone's own person, on a pretend phone; from us, in the inbox. Never our text on a recipient's phone. */
  out?: boolean
  /** Who wrote it, for a screen reader: `They wrote: `. */
  by?: string
}

export const Bubble = ({ text, out, by }: BubbleProps) => (
  <p class={out ? 'bubble bubble-out' : 'bubble'}>
    {by ? <span class="vh">{by}</span> : null}
    {(typeof text === 'string' ? [text] : text).map((part) => (typeof part === 'string' ? part : <mark>{part.filled}</mark>))}
  </p>
)

type PhoneRealProps = PropsWithChildren<{
  /** As the recipient sees it: `(323) 630-0201`. */
  sender: string
  /** `today 5:41 PM` */
  when: string
  /** On its status bar: `5:41`. */
  clock: string
}>

/** What the recipient sees. */
export const PhoneReal = ({ sender, when, clock, children }: PhoneRealProps) => (
  <div class="phone phone-real">
    <p class="phone-bar" aria-hidden="true">
      <span>{clock}</span>
    </p>
    <div class="phone-top">
      <strong>{sender}</strong>Text message · {when}
    </div>
    <div class="phone-body">{children}</div>
  </div>
)

type PretendPhoneProps = PropsWithChildren<{
  id: string
  owner: string
  /** Its number and how it behaves. */
  about: Child
  /** Forms and quick answers. */
  foot?: Child
}>

/** One of the simulator's phones; without children nothing has arrived on it. */
export const PretendPhone = ({ id, owner, about, foot, children }: PretendPhoneProps) => (
  // Two people may have one name: it is called by its number too.
  <section class="phone" aria-labelledby={`${id}-owner ${id}-about`}>
    <div class="phone-top">
      <h2 id={`${id}-owner`}>{owner}</h2>
      <span id={`${id}-about`}>{about}</span>
    </div>
    <div class="phone-body">{children ?? <p class="phone-when">Nothing has arrived.</p>}</div>
    {foot}
  </section>
)
