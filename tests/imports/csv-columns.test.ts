import { describe, expect, it } from 'vitest'
import { readColumns, readRow } from '../../src/imports/columns'
import { parseCsv } from '../../src/imports/csv'

const read = (text: string) => {
  const parsed = parseCsv(text)
  if (!parsed.ok) throw new Error(parsed.message)
  const result = readColumns(parsed.rows)
  if (!result.ok) throw new Error(result.message)
  const { columns } = result
  const people = parsed.rows.slice(columns.header ? 1 : 0).map((row) => readRow(columns, row))
  return { ...columns, people, first: people[0] }
}
const MARIA = { name: 'Maria Alvarez', phoneText: '3235550142' }

describe('by headings', () => {
  it.each([
    ['First,Last,Cell\nMaria,Alvarez,3235550142', 'Columns read by their headings: First + Last → name, Cell → phone'],
    ['Phone;Name\n3235550142;Maria Alvarez', 'Columns read by their headings: Name → name, Phone → phone'],
    ['id,name,phone\n1001,Maria Alvarez,3235550142', 'Columns read by their headings: name → name, phone → phone'],
    [
      'ID,Phone,Member ID,Full Name\n2135550001,3235550142,2135550009,Maria Alvarez',
      'Columns read by their headings: Full Name → name, Phone → phone',
    ],
    ['NÚMERO,Nombre,Apellidos\n3235550142,Maria,Alvarez', 'Columns read by their headings: Nombre + Apellidos → name, NÚMERO → phone'],
    [
      'Teléfono móvil\tNombre completo\n3235550142\tMaria Alvarez',
      'Columns read by their headings: Nombre completo → name, Teléfono móvil → phone',
    ],
    ['Name,Surname,Number\nMaria,Alvarez,3235550142', 'Columns read by their headings: Name + Surname → name, Number → phone'],
    [
      'first_name,last_name,email,MOBILE\nMaria,Alvarez,m@x.org,3235550142',
      'Columns read by their headings: first_name + last_name → name, MOBILE → phone',
    ],
    ['Phone Type,Phone,Name\nmobile,3235550142,Maria Alvarez', 'Columns read by their headings: Name → name, Phone → phone'],
    [
      'Home Phone,Mobile Phone,Name\n2135550001,3235550142,Maria Alvarez',
      'Columns read by their headings: Name → name, Mobile Phone → phone',
    ],
    ['Mobile,Home phone,Name\n,3235550142,Maria Alvarez', 'Columns read by their headings: Name → name, Home phone → phone'],
    ['Number,Phone,Name\n1,3235550142,Maria Alvarez', 'Columns read by their headings: Name → name, Phone → phone'],
    [
      'Name,Given Name,Family Name,Phone 1 - Label,Phone 1 - Value\nX,Maria,Alvarez,Cell,3235550142',
      'Columns read by their headings: Given Name + Family Name → name, Phone 1 - Value → phone',
    ],
  ])('%s', (text, words) => expect(read(text)).toMatchObject({ header: true, words, first: MARIA }))

  it('with the phone found by contents where no heading names it', () => {
    expect(read('Name,Reach\nMaria Alvarez,3235550142')).toMatchObject({
      header: true,
      words: 'Columns read by what is in them: Name → name, Reach → phone',
      first: MARIA,
    })
    expect(read('Number,Reach,Name\n7,3235550142,Maria Alvarez')).toMatchObject({ phone: 1, first: MARIA })
  })

  it('with a header alone, or with no phone right', () => {
    expect(read('Phone Type,Phone,Name')).toMatchObject({ phone: 1 })
    expect(read('Name,Phone')).toMatchObject({ header: true, phone: 1, names: [0], people: [] })
    expect(read('Name,Phone\nMaria,N/A')).toMatchObject({ phone: 1, first: { name: 'Maria', phoneText: 'N/A' } })
    expect(read('Phone\n3235550142')).toMatchObject({ words: 'Columns read by their headings: Phone → phone, no names' })
  })
})

describe('without headings', () => {
  it.each([
    ['3235550142', { name: '', phoneText: '3235550142' }, 'No headings. Column 1 → phone, no names'],
    ['Maria Alvarez,3235550142', MARIA, 'No headings. Column 1 → name, column 2 → phone'],
    ['3235550142,Maria Alvarez', MARIA, 'No headings. Column 2 → name, column 1 → phone'],
    ['Maria,Alvarez,3235550142', MARIA, 'No headings. Column 1 + column 2 → name, column 3 → phone'],
    ['3235550142,Maria,Alvarez', MARIA, 'No headings. Column 2 + column 3 → name, column 1 → phone'],
    ['1000000001,Maria,Alvarez,m@x.org,3235550142', MARIA, 'No headings. Column 2 + column 3 → name, column 5 → phone'],
    ['2024-01-15,Maria Alvarez,Los Angeles,3235550142', MARIA, 'No headings. Column 2 → name, column 4 → phone'],
    ['Maria Alvarez,1.3035E+10', { name: 'Maria Alvarez', phoneText: '1.3035E+10' }, 'No headings. Column 1 → name, column 2 → phone'],
    ['Maria Alvarez,911', { name: 'Maria Alvarez', phoneText: '911' }, 'No headings. Column 1 → name, column 2 → phone'],
  ])('%s', (text, first, words) => expect(read(text)).toMatchObject({ header: false, words, first }))

  it('reads three columns as first, last and phone even where first names have two words', () => {
    expect(read('Mary Ann,Smith,3235550142').first).toEqual({ name: 'Mary Ann Smith', phoneText: '3235550142' })
  })

  it('takes no row with a phone for a header', () => {
    expect(read('Guest,3235550142\nMaria Alvarez,3235550143')).toMatchObject({ header: false, first: { name: 'Guest' } })
  })

  it('keeps a first row with a bad phone as a row', () => {
    expect(read('Luis Romero,N/A\nMaria Alvarez,3235550142')).toMatchObject({
      header: false,
      people: [{ name: 'Luis Romero', phoneText: 'N/A' }, MARIA],
    })
  })

  it('says so when nothing is like a phone', () => {
    const parsed = parseCsv('Maria,Alvarez\nWei,Chen')
    expect(parsed.ok && readColumns(parsed.rows)).toEqual({
      ok: false,
      message: 'No column looks like phones. Give it a heading, such as Phone.',
    })
    expect(readColumns([])).toMatchObject({ ok: false })
  })
})

it('reads short, long and multi-line rows', () => {
  const { people } = read('First,Last,Cell\n"Maria\n del Carmen", Alvarez ,  3235550142 \nWei\n,Chen,3235550143,extra')
  expect(people).toEqual([
    { name: 'Maria del Carmen Alvarez', phoneText: '3235550142' },
    { name: 'Wei', phoneText: '' },
    { name: 'Chen', phoneText: '3235550143' },
  ])
})
