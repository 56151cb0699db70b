import type { Child, PropsWithChildren } from 'hono/jsx'

const bubble = 'M38 12h100a22 22 0 0 1 22 22v46a22 22 0 0 1-22 22H52l-25 20a6 6 0 0 1-10-4.5V34a22 22 0 0 1 21-22Z'

/** Nobody counted yet: dotted bars. Broken: the stroke that counts them is. */
export const Art = ({ broken }: { broken?: boolean }) => (
  <svg
    class="blank-art"
    viewBox="0 0 176 132"
    aria-hidden="true"
    fill="none"
    stroke-linecap="round"
    stroke-linejoin="round"
    stroke-width="3.5"
  >
    <path class="art-line art-fill" d={bubble} />
    {broken ? (
      <path class="art-line" d="M58 34v46M78 34v46M98 34v46M118 34v46" />
    ) : (
      <path class="art-line" stroke-dasharray="1 9" d="M58 36v44M78 36v44M98 36v44M118 36v44" />
    )}
    <path class="art-slash" stroke-width="6" d={broken ? 'M42 76 79 62M99 68 136 40' : 'M44 74 134 42'} />
  </svg>
)

type Props = PropsWithChildren<{
  title: string
  /** What to do next: one filled button, perhaps a link beside it. */
  act?: Child
}>

/** A page or list with nothing in it yet. The children say what it is for. */
export const Blank = ({ title, act, children }: Props) => (
  <section class="card blank">
    <Art />
    <h2>{title}</h2>
    <p class="quiet">{children}</p>
    {act ? <div class="row">{act}</div> : null}
  </section>
)
