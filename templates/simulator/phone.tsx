import type { PretendPhone as Phone, PhoneText } from '../../src/simulator/phones'
import type { FormState } from '../../src/web/form'
import { Fault, wiring } from '../ui/field'
import { formatPhone } from '../ui/format'
import { Icon } from '../ui/icon'
import { Bubble, PretendPhone } from '../ui/phone'

const words = ['STOP', 'START', 'HELP']

export const phoneId = (phone: string): string => `phone-${phone.slice(1)}`

type Props = {
  phone: Phone
  form: FormState
  /** Kept, so that the same phones show after the answer. */
  search: string
}

export const SimulatedPhone = ({ phone, form, search }: Props) => {
  const id = phoneId(phone.phone)
  const number = formatPhone(phone.phone)
  return (
    <PretendPhone
      id={id}
      owner={phone.name || number}
      about={`${phone.name ? `${number} · ` : ''}${phone.behaviour}`}
      foot={<Answer id={id} phone={phone} form={form} search={search} />}
    >
      {phone.texts.length === 0 ? undefined : phone.texts.map((text) => <Text text={text} />)}
    </PretendPhone>
  )
}

const Text = ({ text }: { text: PhoneText }) => {
  if (text.errorCode !== null) return <p class="phone-when">A text did not arrive ({text.errorCode}).</p>
  const out = text.direction === 'from_phone'
  return <Bubble text={text.body} out={out} by={out ? 'They wrote: ' : undefined} />
}

const Answer = ({ id, phone, form, search }: Props & { id: string }) => {
  const owner = phone.name || formatPhone(phone.phone)
  const first = phone.name.split(' ')[0] || 'them'
  const field = `${id}-body`
  const send = { method: 'post', action: `/simulator/phones/${phone.phone}/reply` } as const
  return (
    <div class="phone-foot">
      <form {...send}>
        <Kept search={search} />
        <Fault form={form} name="body" id={field} />
        <div class="row">
          <label class="vh" for={field}>
            Write as {owner}
          </label>
          <input
            {...wiring({ form, name: 'body', id: field })}
            name="body"
            value={form.values.body}
            placeholder={`Write as ${first}`}
            autocomplete="off"
          />
          <button class="btn" type="submit" aria-label={`Send as ${owner}`}>
            <Icon name="up" />
          </button>
        </div>
      </form>
      <form class="row" {...send}>
        <Kept search={search} />
        {words.map((word) => (
          <button class="chip" type="submit" name="body" value={word}>
            {word}
          </button>
        ))}
      </form>
    </div>
  )
}

const Kept = ({ search }: { search: string }) => (search === '' ? null : <input type="hidden" name="search" value={search} />)
