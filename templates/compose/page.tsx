import type { Child, PropsWithChildren } from 'hono/jsx'
import type { AudienceChoices } from '../../src/compose/choices'
import type { FirstSteps } from '../../src/dashboard/first-steps'
import type { Overview } from '../../src/dashboard/overview'
import type { TemplateChoice } from '../../src/message-templates/queries'
import type { FoldChoices } from '../../src/schedule/later'
import type { FormState } from '../../src/web/form'
import { stepsWords } from '../dashboard/first-steps'
import { needsWords } from '../dashboard/needs'
import { Check } from '../ui/choice'
import { FaultSummary } from '../ui/fault-summary'
import { TextArea } from '../ui/field'
import { Icon } from '../ui/icon'
import { FieldChips } from '../ui/message'
import { WhoGetsIt } from './audience'
import { Later } from './later'
import { LiveCounter, PreviewPhone } from './live'
import { type Replacing, TemplatePicker } from './picker'

type Props = {
  form: FormState
  choices: AudienceChoices
  overview: Overview
  firstSteps: FirstSteps | null
  templates: readonly TemplateChoice[]
  /** A template that waits for staff to let go of their own text. */
  replacing?: Replacing
  sender: string
  now: number
  timeZone: string
  fold: FoldChoices | null
  /** What stands below: the rest of the dashboard. */
  children?: Child
}

export const ComposePage = ({
  form,
  choices,
  overview,
  firstSteps,
  templates,
  replacing,
  sender,
  now,
  timeZone,
  fold,
  children,
}: Props) => {
  const needs = needsWords(overview)
  const at = { now, timeZone }
  return (
    <>
      <FaultSummary form={form} before="before the review" />
      <BesidePhone sender={sender} {...at}>
        <div class="row mb">
          <h1>Write a text</h1>
          {needs ? (
            <a class="btn btn-plain row-end needs" href="#need">
              <Icon name="warning" />
              {needs}
            </a>
          ) : firstSteps ? (
            <a class="btn btn-plain row-end" href="#first-steps">
              {stepsWords(firstSteps)}
            </a>
          ) : null}
        </div>
        <form class="card compose" id="compose" method="post" action="/dashboard/review" aria-label="Write a text">
          <DefaultButton />
          {/* Kept by no browser: Back to the form is the way to another text. */}
          <input type="hidden" name="submission_id" value={form.values.submission_id ?? ''} autocomplete="off" />
          <Message form={form}>
            <TemplatePicker form={form} templates={templates} replacing={replacing} />
          </Message>
          <WhoGetsIt form={form} choices={choices} {...at} />
          <Options form={form}>
            <Later form={form} fold={fold} timeZone={timeZone} />
          </Options>
          <div class="compose-foot">
            <p class="fine">Nothing is sent yet. Next you see every text, who is left out and the price.</p>
            <button class="btn btn-go btn-big" type="submit">
              Review
              <Icon name="next" />
            </button>
          </div>
        </form>
      </BesidePhone>
      {children}
    </>
  )
}

/** Enter in a field presses the first button of a form, which has to be the same as the last. */
const DefaultButton = () => (
  <button class="vh" type="submit">
    Review
  </button>
)

type BesideProps = { sender: string; now: number; timeZone: string; children?: Child }

/** The form, and the phone that shows the text while it is written. */
export const BesidePhone = ({ sender, now, timeZone, children }: BesideProps) => (
  <div class="split">
    <div>{children}</div>
    <section id="phone" class="sticky preview" aria-labelledby="phone-title">
      <PreviewPhone preview={null} sender={sender} now={now} timeZone={timeZone} />
    </section>
  </div>
)

/** A text that is there already is counted as soon as the page stands, so that no page waits for the count. */
export const Message = ({ form, live = '/dashboard/preview', children }: PropsWithChildren<{ form: FormState; live?: string }>) => (
  <div class="stack">
    <TextArea form={form} name="message_body" label="Message" rows={5} describedBy="count" required />
    <div class="message-tools">
      <FieldChips into="message_body" />
      {children}
    </div>
    <div
      class="stack needs-script"
      id="live"
      hx-post={live}
      hx-trigger={`input from:#compose delay:300ms${form.values.message_body ? ', load' : ''}`}
      hx-include="#compose, #person"
      hx-swap="innerMorph"
      hx-sync="this:replace"
    >
      <LiveCounter preview={null} />
    </div>
  </div>
)

/** The children say when. */
export const Options = ({ form, children }: PropsWithChildren<{ form: FormState }>) => (
  <fieldset>
    <legend class="vh">Options</legend>
    <Check form={form} name="include_unsubscribe" label="Add “Reply STOP to unsubscribe” as a last line" />
    <Check form={form} name="test_mode" label="Test: office phone only" />
    {children}
  </fieldset>
)
