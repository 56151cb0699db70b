import { describe, expect, test } from 'vitest'
import type { FormState } from '../../src/web/form'
import { Check, Choices } from '../../templates/ui/choice'
import { FaultSummary } from '../../templates/ui/fault-summary'
import { Field, Select, TextArea } from '../../templates/ui/field'
import { attributes, html } from './markup'

const refused: FormState = {
  values: { phone: '555-0143', body: '\nHi <b>', target: 'event', pick: 'b', on: '1' },
  faults: { phone: 'Only 7 digits: the area code is missing.', body: 'Too long.', target: 'Choose one.' },
}
const fresh: FormState = { values: {}, faults: {} }

describe('a refused field', () => {
  const markup = html(<Field form={refused} name="phone" label="Phone" hint="With its area code" />)

  test('is invalid and described by its hint and its fault', () => {
    expect(attributes(markup, 'aria-invalid')).toEqual(['true'])
    expect(attributes(markup, 'aria-describedby')).toEqual(['phone-hint phone-fault'])
    expect(attributes(markup, 'id')).toEqual(['phone-hint', 'phone-fault', 'phone'])
    expect(attributes(markup, 'for')).toEqual(['phone'])
  })

  test('keeps what was typed', () => {
    expect(attributes(markup, 'value')).toEqual(['555-0143'])
  })

  test('says its fault before the input', () => {
    expect(markup.indexOf('area code is missing')).toBeLessThan(markup.indexOf('<input'))
  })
})

test('a sound field is not called invalid', () => {
  const markup = html(<Field form={fresh} name="phone" label="Phone" />)
  expect(attributes(markup, 'aria-invalid')).toEqual([])
  expect(attributes(markup, 'aria-describedby')).toEqual([])
})

test('an id of its own is used throughout', () => {
  const markup = html(<Field form={refused} name="phone" id="guest-phone" label="Phone" />)
  expect(attributes(markup, 'id')).toEqual(['guest-phone-fault', 'guest-phone'])
  expect(attributes(markup, 'aria-describedby')).toEqual(['guest-phone-fault'])
})

test('a password is never sent back', () => {
  const form = { values: { password: 'correct horse' }, faults: {} }
  expect(html(<Field form={form} name="password" label="Password" type="password" />)).not.toContain('correct horse')
})

test('a message keeps its first line break, and its markup is text', () => {
  expect(html(<TextArea form={refused} name="body" label="Message" />)).toContain('>\n\nHi &lt;b&gt;</textarea>')
})

test('select, check and choices keep what was chosen', () => {
  const options = [
    { value: 'a', label: 'A' },
    { value: 'b', label: 'B' },
  ]
  expect(html(<Select form={refused} name="pick" label="Pick" options={options} />)).toMatch(/<option value="b" selected=""/)
  expect(html(<Check form={refused} name="on" label="On" />)).toContain('checked=""')
  expect(html(<Check form={fresh} name="on" label="On" />)).not.toContain('checked')
  const choices = html(
    <Choices
      form={refused}
      name="target"
      legend="Who gets it"
      options={[
        { value: 'community', label: 'Everyone' },
        { value: 'event', label: 'One event' },
      ]}
    />,
  )
  expect(choices).toMatch(/value="event" checked=""/)
  expect(choices).toContain('aria-describedby="target-fault"')
  expect(attributes(choices, 'id')).toEqual(['target-fault', 'target', 'target-event'])
})

describe('the fault summary', () => {
  test('is an alert that leads to each field', () => {
    const markup = html(<FaultSummary form={refused} before="before review" />)
    expect(attributes(markup, 'role')).toEqual(['alert'])
    expect(attributes(markup, 'href')).toEqual(['#phone', '#body', '#target'])
    expect(markup).toContain('3 things to mend before review')
  })

  test('does not link the fault of no field', () => {
    const markup = html(<FaultSummary form={{ values: {}, faults: { form: 'Nobody is left.' } }} />)
    expect(attributes(markup, 'href')).toEqual([])
    expect(markup).toContain('1 thing to mend')
  })

  test('is not there without a fault', () => {
    expect(html(<FaultSummary form={fresh} />)).not.toContain('alert')
  })
})
