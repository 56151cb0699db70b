import { describe, expect, it } from 'vitest'
import {
  checkLength,
  checkTemplate,
  cleanBody,
  compileTemplate,
  render,
  renderSegments,
  STOP_LINE,
  type Template,
  withoutStopLine,
  withStopLine,
} from '../../src/sms/text'

const template = (body: string): Template => {
  const compiled = compileTemplate(body)
  if (!compiled.ok) throw new Error(compiled.message)
  return compiled.template
}
const say = (body: string, name: string) => render(template(body), name)
const fault = (body: string) => {
  const compiled = compileTemplate(body)
  if (compiled.ok) throw new Error(`accepted: ${body}`)
  return compiled
}

describe('fields', () => {
  it('fills first name, name and full name in any case', () => {
    expect(say('Hi {first_name}', 'Maria Alvarez')).toBe('Hi Maria')
    expect(say('Hi {FIRST_Name} / {Name} / {full_NAME}', '  Maria del Carmen Alvarez ')).toBe(
      'Hi Maria / Maria del Carmen Alvarez / Maria del Carmen Alvarez',
    )
    expect(say('{ first_name | friend }', 'Wei Chen')).toBe('Wei')
  })

  it('uses the fallback, and "there" without one, only where there is no name', () => {
    expect(say('Hi {first_name}', '')).toBe('Hi there')
    expect(say('Hi {name|dear friend}', ' \n ')).toBe('Hi dear friend')
    expect(say('Hi {full_name|friend}', 'Ana')).toBe('Hi Ana')
    expect(say('Hi{name|}!', '')).toBe('Hi!')
    expect(say('{name|a|b}', '')).toBe('a|b')
  })

  it('names every unknown token once and suggests the nearest field', () => {
    expect(fault('Hi {firstname}, {last_name} {firstname} {first_name}')).toEqual({
      ok: false,
      unknown: ['{firstname}', '{last_name}'],
      message:
        '{firstname} is not a field. Did you mean {first_name}? {last_name} is not a field. Use {first_name}, {name} or {full_name}.',
    })
    expect(fault('{first name}').message).toContain('Did you mean {first_name}?')
    expect(fault('{nmae}').message).toContain('Did you mean {name}?')
    expect(fault('{Fullname|x}').message).toContain('Did you mean {full_name}?')
    expect(fault('{code 12}').unknown).toEqual(['{code 12}'])
    expect(fault('{1}').unknown).toEqual(['{1}'])
    expect(fault('Hi {{first_name}}').message).toBe('{{first_name}} is not a field. Did you mean {first_name}?')
  })

  it('names a field that is not closed while it is being written; what is stored goes out as it was reviewed', () => {
    const message = '{first_name is not closed. Write {first_name}, with a brace at either end.'
    expect(checkTemplate('Hi {first_name, supper is at 6')).toEqual({ ok: false, unknown: ['{first_name'], message })
    expect(checkTemplate('Hi {name]')).toMatchObject({ unknown: ['{name'] })
    expect(checkTemplate('Hi {first {name}')).toMatchObject({ unknown: ['{first'] })
    expect(checkTemplate('Hi { name} {').ok).toBe(true)
    expect(say('Hi {first_name, {name}', 'Ana')).toBe('Hi {first_name, Ana')
  })

  it('keeps braces that hold no word', () => {
    for (const body of ['a { b', 'a } b', '{}', '{ }', ':-{)', '} name {', '{\nname\n}']) expect(say(body, 'Ana')).toBe(body)
    expect(say('{ {name}', 'Ana')).toBe('{ Ana')
  })

  it('never reads a name as a template', () => {
    expect(say('Hi {name}', '{first_name|x} {evil}')).toBe('Hi {first_name|x} {evil}')
    expect(say('Hi {first_name}, {name}', '$& $1 {name}')).toBe('Hi $&, $& $1 {name}')
  })

  it('puts a name on one line and drops what cannot be printed', () => {
    expect(say('Hi {name}!', 'Ana\r\nBad\nLine\u2028x')).toBe('Hi Ana Bad Line x!')
    expect(say('Hi {name}!', 'A\u0000n\u0007a\u202e \ud83d')).toBe('Hi Ana!')
    expect(say('Hi {first_name}!', 'Ana\tLópez')).toBe('Hi Ana!')
    expect(say('Hi {first_name}!', 'Ana\u00a0López')).toBe('Hi Ana!')
  })

  it('shows which words were filled in', () => {
    expect(renderSegments(template('Hi {first_name}, see you'), 'Wei Chen')).toEqual([
      { text: 'Hi ', filled: false },
      { text: 'Wei', filled: true },
      { text: ', see you', filled: false },
    ])
  })

  it('does not take forever over hostile braces', () => {
    const hostile = [`${'{'.repeat(100_000)}a`, `{${'a'.repeat(100_000)}`, '{a'.repeat(50_000), '{ '.repeat(50_000)]
    expect(hostile.map((body) => [compileTemplate(body).ok, checkTemplate(body).ok])).toEqual([
      [true, false],
      [true, false],
      [true, false],
      [true, true],
    ])
  })

  it('names the first five of many unknown tokens in words, and lists all', () => {
    const { unknown, message } = fault('{u1} {u2} {u3} {u4} {u5} {u6} {constructor}')
    expect(unknown).toHaveLength(7)
    expect(message.match(/is not a field/g)).toHaveLength(5)
    expect(fault('{constructor}').message).toBe('{constructor} is not a field. Use {first_name}, {name} or {full_name}.')
  })
})

describe('body', () => {
  it('is trimmed, with LF line breaks and no control characters', () => {
    expect(cleanBody('  a\r\nb\rc\u0000\u0007\td\u2028e\ud800  \n')).toBe('a\nb\nc d\ne')
    expect(cleanBody('👋 kept 👩‍👩‍👧')).toBe('👋 kept 👩‍👩‍👧')
  })

  it('is required', () => {
    for (const body of ['', ' \n\t ', '\u0000']) expect(fault(body).unknown).toEqual([])
  })

  it('gets the stop line as a line of its own, once', () => {
    expect(withStopLine('Hello \r\n')).toBe(`Hello\n${STOP_LINE}`)
    expect(withStopLine(withStopLine('Hello'))).toBe(`Hello\n${STOP_LINE}`)
    expect(withStopLine(`Hello ${STOP_LINE}`)).toBe(`Hello ${STOP_LINE}\n${STOP_LINE}`)
    expect(withStopLine(' ')).toBe('')
    for (const body of ['Hello', `Hello ${STOP_LINE}`, `${STOP_LINE}\nHello`]) expect(withoutStopLine(withStopLine(body))).toBe(body)
    expect(withoutStopLine(STOP_LINE)).toBe(STOP_LINE)
  })

  it('renders to 1 to 1600 UTF-16 units', () => {
    expect(checkLength('')).toMatchObject({ ok: false })
    expect(checkLength(' \n')).toMatchObject({ ok: false })
    expect(checkLength('x'.repeat(1600))).toEqual({ ok: true })
    expect(checkLength('x'.repeat(1601))).toEqual({ ok: false, message: '1 character too many: a text can have at most 1,600.' })
    expect(checkLength('👋'.repeat(801))).toEqual({ ok: false, message: '2 characters too many: a text can have at most 1,600.' })
  })
})
