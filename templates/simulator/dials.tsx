import type { PropsWithChildren } from 'hono/jsx'
import type { DialChoice } from '../../src/simulator/presets'
import type { FormState } from '../../src/web/form'
import { Check } from '../ui/choice'
import { Field, type Option, Select } from '../ui/field'
import { count } from '../ui/format'

const customOption: Option = { value: 'custom', label: 'As dialled below' }

const presetOptions: readonly Option[] = [
  { value: 'normal', label: 'Works normally' },
  { value: 'busy', label: 'Is too busy for 30 seconds (429)' },
  { value: 'sender', label: 'Refuses our sender number (21606)' },
  { value: 'lost', label: 'Takes the text, then loses the answer' },
  { value: 'receipts', label: 'Sends every receipt twice, out of order' },
  { value: 'flaky', label: 'Sometimes fails, in every way there is' },
]

const receiptOptions: readonly Option[] = [
  { value: 'in_order', label: 'In order' },
  { value: 'shuffled', label: 'Out of order' },
  { value: 'none', label: 'Never' },
]

const numberFields = [
  { name: 'latency_ms', label: 'Answers after (ms)' },
  { name: 'busy_seconds', label: 'Too busy for (seconds, 429)' },
  { name: 'unreachable', label: 'Never reaches Twilio (%)' },
  { name: 'lost_before', label: 'Lost on the way there (%)' },
  { name: 'lost_after', label: 'Taken, but the answer gets lost (%)' },
  { name: 'server_errors', label: 'Server error, half of them taken (%)' },
  { name: 'undeliverable', label: 'Taken, but not delivered (%, 30003)' },
  { name: 'receipt_seconds', label: 'Last receipt after (seconds)' },
]

type Props = PropsWithChildren<{
  choice: DialChoice
  /** The dials one by one, or what was typed and refused. */
  form: FormState
  /** Opens them. */
  open: boolean
}>

export const Dials = ({ choice, form, open, children }: Props) => {
  const preset: FormState = { values: { preset: choice }, faults: {} }
  if (form.faults.preset !== undefined) preset.faults.preset = form.faults.preset
  const options = choice === 'custom' ? [...presetOptions, customOption] : presetOptions
  return (
    <div class="card mb">
      <form class="row row-low" method="post" action="/simulator/dials">
        <Select form={preset} name="preset" label="What Twilio does next" options={options} />
        <button class="btn" type="submit">
          Set
        </button>
        {children}
      </form>
      <details class="more" open={open}>
        <summary>More dials</summary>
        <MoreDials form={form} />
      </details>
    </div>
  )
}

const MoreDials = ({ form }: { form: FormState }) => (
  <form class="form" method="post" action="/simulator/dials">
    <input type="hidden" name="preset" value="custom" />
    <div class="choices mb">
      {numberFields.map(({ name, label }) => (
        <Field form={form} name={name} label={label} inputmode="numeric" autocomplete="off" plain />
      ))}
      <Select form={form} name="receipts" label="Receipts come" options={receiptOptions} />
    </div>
    <div class="checks mb">
      <Check form={form} name="doubled" label="Every receipt twice" />
      <Check form={form} name="refuses_sender" label="Refuses our sender number (21606)" />
    </div>
    <p class="row mb">
      <button class="btn" type="submit">
        Set these dials
      </button>
    </p>
  </form>
)

type TrafficProps = { texts: number; blast: number | null }

export const TextsSoFar = ({ texts, blast }: TrafficProps) => (
  <p class="fine row-end" id="texts-so-far">
    Texts so far: <strong>{count(texts)}</strong>
    {blast === null ? null : (
      <>
        {' · '}
        <a href={`/logs/${blast}`}>blast under way</a>
      </>
    )}
  </p>
)
