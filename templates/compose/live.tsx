import type { Preview } from '../../src/compose/preview'
import type { Culprit } from '../../src/sms/segments'
import { count, money, plural } from '../ui/format'
import { Icon } from '../ui/icon'
import { Counter, Glyph, Nudge } from '../ui/message'
import { Bubble, PhoneReal } from '../ui/phone'
import { textParts } from './texts'
import { calledOr, clockWords, introOf, senderWords } from './words'

type Mends = {
  /** False where the button that mends the text would leave the page. */
  mends?: boolean
}
type Shown = { preview: Preview | null; sender: string; now: number; timeZone: string }

/** What `#live` and `#phone` hold; the answer to every pause in typing. */
export const LiveAnswer = ({ mends, ...props }: Shown & Mends) => (
  <>
    <LiveCounter preview={props.preview} mends={mends} />
    <section id="phone" class="sticky preview" aria-labelledby="phone-title" hx-swap-oob="outerMorph">
      <PreviewPhone {...props} />
    </section>
  </>
)

export const LiveCounter = ({ preview, mends = true }: { preview: Preview | null } & Mends) => (
  <>
    {preview?.nameless ? (
      <p class="fine">
        {plural(preview.nameless.people, 'person has', 'people have')} no name:{' '}
        {preview.nameless.people === 1 ? 'this one gets' : 'they get'} “{preview.nameless.fallback}”
      </p>
    ) : null}
    <CounterLine preview={preview} />
    {preview?.fault ? <Nudge>{preview.fault}</Nudge> : null}
    {preview && preview.culprits.length > 0 ? <PlainNudge preview={preview} mends={mends} /> : null}
  </>
)

const CounterLine = ({ preview }: { preview: Preview | null }) => {
  if (!preview?.text) {
    return (
      <p class="counter" id="count" role="status">
        <span>{preview?.fault ? 'Not counted yet' : 'Nothing written yet'}</span>
      </p>
    )
  }
  const { everyone, text } = preview
  if (everyone) return <Counter id="count" {...everyone} />
  return <Counter id="count" used={text.parts} parts={{ min: text.parts, max: text.parts }} characters={text.characters} />
}

const PlainNudge = ({ preview: { culprits, everyone, plainCost }, mends }: { preview: Preview } & Mends) => {
  const saved = everyone && plainCost !== null ? everyone.cost - plainCost : 0
  // One that has no plain sister keeps the whole text as it is, whatever becomes of the others.
  if (culprits.some(({ replacement }) => replacement === null)) {
    return (
      <Nudge>
        <Glyphs culprits={culprits} /> {culprits.length === 1 ? 'is' : 'are'} not in the plain phone alphabet: a part holds 70 characters
        instead of 160.
      </Nudge>
    )
  }
  return (
    <Nudge
      act={
        mends ? (
          <button class="btn btn-plain" type="submit" name="plain" value="1" formaction="/dashboard/edit" formnovalidate>
            Use plain
          </button>
        ) : undefined
      }
    >
      <Glyphs culprits={culprits} />{' '}
      {saved > 0 && plainCost !== null
        ? `${culprits.length === 1 ? 'costs' : 'cost'} you ${money(saved)}. Written plain it is ${money(plainCost)}.`
        : `${culprits.length === 1 ? 'is' : 'are'} not in the plain phone alphabet: a part holds 70 characters instead of 160.`}
    </Nudge>
  )
}

const mostGlyphs = 4

export const Glyphs = ({ culprits, intro }: { culprits: readonly Culprit[]; intro?: boolean }) => (
  <>
    {intro ? `${introOf(culprits[0]?.char ?? '')} ` : null}
    {culprits.slice(0, mostGlyphs).map(({ char }, index) => (
      <>
        {index > 0 ? ' ' : null}
        <Glyph>{char.trim() === '' ? '␣' : char}</Glyph>
      </>
    ))}
    {culprits.length > mostGlyphs ? ` and ${count(culprits.length - mostGlyphs)} more` : null}
  </>
)

/** The text on the phone of one who gets it, and the way to the next. */
export const PreviewPhone = ({ preview, sender, now, timeZone }: Shown) => {
  const clock = clockWords(now, timeZone)
  return (
    <>
      <h2 class="vh" id="phone-title">
        How it looks on a phone
      </h2>
      <PhoneReal sender={senderWords(sender)} when={`today ${clock}`} clock={clock.replace(/ [AP]M$/, '')}>
        {preview?.text ? (
          <Bubble text={textParts(preview.text.pieces)} />
        ) : (
          <p class="phone-when">
            <span class="needs-script">Your text shows here. </span>The next page shows every single one.
          </p>
        )}
      </PhoneReal>
      {preview?.text && preview.everyone ? (
        <div class="preview-foot">
          <p class="fine">
            As <strong>{calledOr(preview.text.person.name, 'someone without a name')}</strong> gets it
          </p>
          <button
            class="btn btn-plain needs-script"
            type="button"
            hx-post="/dashboard/preview"
            hx-include="#compose, #person"
            hx-vals='{"next":"1"}'
            hx-target="#live"
            hx-swap="innerMorph"
          >
            Next person
            <Icon name="next" />
          </button>
        </div>
      ) : null}
      <input type="hidden" id="person" name="person" value={preview?.person ?? 0} autocomplete="off" />
    </>
  )
}
