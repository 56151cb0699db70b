import type { Child } from 'hono/jsx'
import type { FormState } from '../../src/web/form'
import { Fault, wiring } from './field'

type CheckProps = {
  form: FormState
  name: string
  label: Child
  hint?: string
  value?: string
  id?: string
  extra?: Record<string, string>
}

/** Ticked when the form's value is the box's own. */
export const Check = ({ form, name, label, hint, value = '1', id, extra }: CheckProps) => (
  <>
    <Fault form={form} name={name} id={id} />
    <label class="check">
      <input type="checkbox" {...wiring({ form, name, id })} name={name} value={value} checked={form.values[name] === value} {...extra} />
      <span>
        {label}
        {hint ? <small>{hint}</small> : null}
      </span>
    </label>
  </>
)

export type ChoiceOption = {
  value: string
  label: Child
  hint?: Child
  /** At the card's end: how many people. */
  n?: Child
}

type ChoicesProps = {
  form: FormState
  name: string
  legend: string
  options: readonly ChoiceOption[]
  /** For a legend that only a screen reader needs. */
  hideLegend?: boolean
  extra?: Record<string, string>
}

/** One of a few, each a card that is its own label. Ids are `name-value`; the first takes the name, so that a fault's link finds it. */
export const Choices = ({ form, name, legend, options, hideLegend, extra }: ChoicesProps) => (
  <fieldset aria-describedby={form.faults[name] === undefined ? undefined : `${name}-fault`}>
    <legend class={hideLegend ? 'vh' : undefined}>{legend}</legend>
    <Fault form={form} name={name} />
    <div class="choices">
      {options.map((option, index) => (
        <label class="choice">
          <input
            type="radio"
            id={index === 0 ? name : `${name}-${option.value}`}
            name={name}
            value={option.value}
            checked={form.values[name] === option.value}
            {...extra}
          />
          <span>
            {option.label}
            {option.hint ? <small>{option.hint}</small> : null}
          </span>
          {option.n === undefined ? null : <span class="n">{option.n}</span>}
        </label>
      ))}
    </div>
  </fieldset>
)
