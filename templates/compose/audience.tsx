import type { AudienceChoices } from '../../src/compose/choices'
import type { EventChoice } from '../../src/events/queries'
import type { FormState } from '../../src/web/form'
import { Fault, Select } from '../ui/field'
import { calendarDay, count, plural } from '../ui/format'

type Props = { form: FormState; choices: AudienceChoices; now: number; timeZone: string }

export const WhoGetsIt = ({ form, choices: { members, events }, now, timeZone }: Props) => {
  const none = events.length === 0
  const options = events.map((event) => ({ value: String(event.id), label: eventWords(event, now, timeZone) }))
  return (
    <fieldset aria-describedby={form.faults.target ? 'target-fault' : undefined}>
      <legend>Who gets it</legend>
      <Fault form={form} name="target" />
      <div class="choices">
        <label class="choice">
          <input type="radio" id="target" name="target" value="community" checked={form.values.target === 'community'} />
          <span>
            Everyone<small>All members</small>
          </span>
          <span class="n">{count(members.all - members.optedOut - members.suppressed)}</span>
        </label>
        <label class="choice">
          <input
            type="radio"
            id="target-event"
            name="target"
            value="event"
            checked={form.values.target === 'event'}
            disabled={none && form.values.target !== 'event'}
          />
          <span>
            One event<small>Its guests only</small>
          </span>
          <span class="n">{none ? 'no events yet' : plural(events.length, 'event')}</span>
        </label>
      </div>
      {none ? (
        <Fault form={form} name="event_id" />
      ) : (
        <div class="reveal reveal-event mt">
          <Select form={form} name="event_id" label="Event" options={[{ value: '', label: 'Choose the event' }, ...options]} />
        </div>
      )}
    </fieldset>
  )
}

/** `Harvest Supper, today · 418 guests` */
function eventWords({ title, date, guests }: EventChoice, now: number, timeZone: string): string {
  return `${title}${date ? `, ${calendarDay(date, { now, timeZone })}` : ''} · ${plural(guests, 'guest')}`
}
