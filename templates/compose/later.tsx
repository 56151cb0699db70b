import type { FoldChoices } from '../../src/schedule/later'
import type { FoldChoice } from '../../src/schedule/wall-time'
import type { FormState } from '../../src/web/form'
import { Check, Choices } from '../ui/choice'
import { Field, Select } from '../ui/field'
import { utcTime, zoneName } from '../ui/format'

type Props = { form: FormState; fold: FoldChoices | null; timeZone: string }

/** “Send later”, and what it reveals. */
export const Later = (props: Props) => (
  <>
    <Check form={props.form} name="schedule_later" label="Send later" />
    <div class="reveal reveal-later stack mb">
      <When {...props} />
      <Again form={props.form} />
    </div>
  </>
)

/** Day and time on the writer's clock; without a script on the organisation's. */
export const When = ({ form, fold, timeZone }: Props) => {
  const zone = form.values.client_timezone || timeZone
  const refused = form.faults.client_timezone !== undefined
  return (
    <>
      <div class="pair">
        <Field form={form} name="schedule_date" label="Day" type="date" />
        <Field
          form={form}
          name="schedule_time"
          label={
            <>
              Time, <span data-zone-name>{zoneName(zone)}</span>
            </>
          }
          type="time"
        />
      </div>
      {refused ? (
        <Field form={form} name="client_timezone" label="Time zone" plain />
      ) : (
        <input type="hidden" name="client_timezone" value={form.values.client_timezone ?? ''} data-zone autocomplete="off" />
      )}
      {fold ? <WhichOne form={form} fold={fold} /> : null}
    </>
  )
}

/** A time that the clock shows twice. */
const WhichOne = ({ form, fold }: { form: FormState; fold: FoldChoices }) => (
  <Choices
    form={form}
    name="schedule_fold"
    legend={`Which ${fold.time}`}
    options={[
      { value: 'first', label: 'The first', hint: seasonWords(fold.first) },
      { value: 'second', label: 'The second', hint: seasonWords(fold.second) },
    ]}
  />
)

function seasonWords({ at, season }: FoldChoice): string {
  const utc = utcTime(at, 'UTC')
  return season ? `${season === 'summer' ? 'Summer' : 'Winter'} time, ${utc}` : utc
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const Again = ({ form }: { form: FormState }) => (
  <>
    <Select
      form={form}
      name="repeat"
      label="How often"
      options={[
        { value: '', label: 'Once' },
        { value: 'daily', label: 'Every day' },
        { value: 'weekly', label: 'Every week' },
        { value: 'monthly', label: 'Every month' },
      ]}
    />
    <fieldset class="reveal reveal-weekly">
      <legend>On these days</legend>
      <div class="checks">
        {weekdays.map((day, index) => (
          <Check form={form} name={`repeat_${index + 1}`} label={day} />
        ))}
      </div>
    </fieldset>
    <div class="reveal reveal-monthly">
      <Field
        form={form}
        name="repeat_month_day"
        label="On this day of the month"
        hint="1 to 31. A shorter month has it on its last day. Empty: the day above."
        inputmode="numeric"
        maxlength={2}
        plain
      />
    </div>
    <div class="reveal reveal-repeat stack">
      <div class="pair">
        <Field form={form} name="repeat_until" label="Last day" type="date" />
        <Field form={form} name="repeat_count" label="Times in all" inputmode="numeric" maxlength={4} plain />
      </div>
      <p class="fine">
        Both empty: it goes on until somebody ends it. In the night when clocks skip its time it goes out as much later as they skip; in the
        night that has it twice, at the first.
      </p>
    </div>
  </>
)
