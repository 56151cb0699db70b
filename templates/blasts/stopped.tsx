import type { BlastView } from '../../src/blasts/view'
import { count, dateTime, plural } from '../ui/format'
import { Icon } from '../ui/icon'
import { HoldClock, Note } from '../ui/note'
import { ActForm, Cancel, Resume } from './acts'
import type { BlastProps } from './page'

export const Held = ({ view, holdMs }: BlastProps) => {
  const { id, holdUntil } = view.blast
  const left = Math.max(0, Math.ceil((holdUntil - view.now) / 1000))
  return (
    <Note
      kind="hold"
      fact="Nothing has left yet."
      art={<HoldClock until={holdUntil} now={view.now} seconds={holdMs / 1000} />}
      act={
        <ActForm id={id} act="undo">
          <button class="btn btn-big" type="submit">
            <Icon name="undo" />
            Undo
          </button>
        </ActForm>
      }
    >
      {left > 0 ? `Sending starts in ${plural(left, 'second')}.` : view.stalled ? '' : 'Sending starts any moment.'} Undo now and nobody
      gets a text; your message goes back to the form.
    </Note>
  )
}

const whose: Record<string, string> = {
  'our settings': 'This is our setup, not your members.',
  'our text': 'This is our text, not your members.',
  carrier: 'This is a phone company, not your members.',
}

type StoppedProps = { view: BlastView; stop: NonNullable<BlastView['stop']> }

/** The provider's answer stopped it: what happened, whose fault it is, what to do. */
export const Stopped = ({ view, stop: { code, explanation, sameText } }: StoppedProps) => {
  const { queued } = view.counts
  return (
    <section class="card card-stop stack" aria-labelledby="why-stopped">
      <h2 id="why-stopped">
        <Icon name="pause" /> We stopped it. {explanation.title}.
      </h2>
      <p>
        {whose[explanation.blame] ?? 'Most of the first texts failed alike.'} <strong>Nobody was blocked or removed</strong>
        {queued > 0 ? `, and ${queued === 1 ? 'the one who is left has' : `the ${count(queued)} who are left have`} not been texted.` : '.'}
      </p>
      <ol class="stack stack-s">
        <li>
          {explanation.fix ?? 'Look the code up at Twilio.'} Twilio's code: <span class="raw nowrap">{code}</span>
        </li>
        <li>
          {sameText
            ? 'Cancel the rest before you send another one: Resume would send this same text to them.'
            : 'Resume goes on where it stopped, so nobody gets it twice.'}
        </li>
      </ol>
      <div class="row">
        <Resume view={view} />
        <Cancel id={view.blast.id} />
      </div>
    </section>
  )
}

/** Of a blast from a backup, what was done with it since is not here. */
export const Restored = ({ view, timeZone }: { view: BlastView; timeZone: string }) => {
  if (!view.restored) return null
  const { from, paused, asked } = view.restored
  const fact = `Restored from a backup of ${dateTime(from, { timeZone, now: view.now })}.`
  if (!paused) {
    return (
      <Note kind="warn" fact={fact}>
        What was done with this blast later is not here. Look at Twilio before you decide about a text; a retry asks Twilio by itself.
      </Note>
    )
  }
  return (
    <Note kind="warn" icon="pause" fact={fact}>
      It is paused. Look at Twilio before you resume, or cancel the rest.
      {asked > 0
        ? ` We look ${plural(asked, 'person', 'people')} up there, one by one: who has the text already does not get it again.`
        : ''}
    </Note>
  )
}

export const PausedByStaff = ({ view }: { view: BlastView }) => {
  const { queued } = view.counts
  const waiting = queued === 1 ? '1 person is' : `${count(queued)} people are`
  return (
    <Note kind="warn" icon="pause" fact={view.blast.pausedBy ? `Paused by ${view.blast.pausedBy}.` : 'Paused.'}>
      {queued > 0 ? `${waiting} waiting, and nobody else is texted until someone resumes.` : 'Everyone has been texted already.'}
    </Note>
  )
}
