import { describe, expect, it } from 'vitest'
import { boxOf, wordsOf } from '../compose/office'
import { openShelf } from './shelf'

const closed = { name: 'We are closed', messageBody: 'Closed today.' }
const reminder = { name: 'Reminder', messageBody: 'Hi {first_name|friend}, tonight at 6.' }

/** The fault that stands at a field of a refused form. */
async function faultAt(answer: Response, field: string): Promise<string> {
  const html = await answer.text()
  expect(answer.status).toBe(422)
  expect(html).toContain(`<a href="#${field}">`)
  return wordsOf(new RegExp(`<p[^>]* id="${field}-fault">[\\s\\S]*?</p>`).exec(html)?.[0] ?? '').trim()
}

describe('adding a template', () => {
  it('stores name and text without their ends, says how many parts it takes, and leaves a trace', async () => {
    const shelf = await openShelf()
    const answer = await shelf.browser.post('/templates/add', { name: '  Pantry\r\n closed ', message_body: ' Closed today.\r\nSorry ' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/templates'])
    expect(await shelf.stored()).toEqual([['Pantry closed', 'Closed today.\nSorry']])
    expect(await shelf.audited()).toEqual([['template_created', 'nia', 'template 1']])
    expect(wordsOf(await shelf.browser.text('/templates'))).toContain('“Pantry closed” is saved as a template. It takes 1 part.')
  })

  it.each([
    ['an unknown field', 'Hi {nme}', '{nme} is not a field. Did you mean {name}?'],
    ['a field that is not closed', 'Hi {first_name, come', '{first_name is not closed. Write {first_name}, with a brace at either end.'],
    ['nothing', ' \r\n\t ', 'There is no text yet.'],
    ['1,601 units', `${'🍲'.repeat(800)}x`, '1 character too many: a text can have at most 1,600.'],
    ['nothing for people without a name', '{first_name|}', 'For people without a name there is no text left.'],
    ['more than can become a text', 'x'.repeat(5000), '3,400 characters too many'],
  ])('refuses what compose refuses, at the text: %s', async (_, message_body, fault) => {
    const shelf = await openShelf()
    const answer = await shelf.browser.post('/templates/add', { name: 'Ours <b>', message_body })
    const shown = answer.clone()
    expect(await faultAt(answer, 'message_body')).toContain(fault)
    expect(boxOf(await shown.clone().text())).toBe(message_body)
    expect(await shown.text()).toContain('value="Ours &lt;b&gt;"')
    expect([await shelf.stored(), await shelf.audited()]).toEqual([[], []])
  })

  it('takes 1,600 units, and fields in any case', async () => {
    const shelf = await openShelf()
    for (const [name, message_body] of [
      ['Long', '🍲'.repeat(800)],
      ['Fields', '{FIRST_NAME}{ Name | you }'],
    ])
      expect((await shelf.browser.post('/templates/add', { name: name ?? '', message_body: message_body ?? '' })).status).toBe(303)
    expect(await shelf.stored()).toHaveLength(2)
  })

  it.each([
    ['', 'Give it a name'],
    [' \n ', 'Give it a name'],
    ['x'.repeat(61), 'The name is longer than 60 characters.'],
  ])('refuses the name “%s”', async (name, fault) => {
    const shelf = await openShelf()
    expect(await faultAt(await shelf.browser.post('/templates/add', { name, message_body: 'Hello' }), 'name')).toContain(fault)
    expect(await shelf.stored()).toEqual([])
  })

  it.each(['We are closed', 'WE ARE CLOSED', 'we  are closed'])(
    'refuses a name that another one has, in whatever case: %s',
    async (name) => {
      const shelf = await openShelf([closed])
      const answer = await shelf.browser.post('/templates/add', { name, message_body: 'Another text' })
      expect(await faultAt(answer, 'name')).toBe('“We are closed” has this name already. Choose another one, or change that template.')
      expect(await shelf.stored()).toHaveLength(1)
    },
  )

  it('knows the case of letters beyond A to Z', async () => {
    const shelf = await openShelf()
    await shelf.browser.post('/templates/add', { name: 'Übung für É', message_body: 'Hello' })
    const answer = await shelf.browser.post('/templates/add', { name: 'übung FÜR é', message_body: 'Hello again' })
    expect(await faultAt(answer, 'name')).toContain('“Übung für É” has this name already')
  })

  it('takes a second press for the first', async () => {
    const shelf = await openShelf()
    const press = () => shelf.browser.post('/templates/add', { name: 'Reminder', message_body: 'Tonight at 6.' })
    expect((await Promise.all([press(), press()])).map(({ status }) => status)).toEqual([303, 303])
    expect(await shelf.stored()).toHaveLength(1)
    expect(await shelf.audited()).toHaveLength(1)
  })
})

describe('changing one', () => {
  it('stores who did it and when, and keeps what is known of its use', async () => {
    const shelf = await openShelf([{ ...closed, lastUsedAt: 1, lastUsedBy: 'tom' }])
    shelf.clock.now += 60_000
    expect(await shelf.browser.text('/templates/1/edit')).toContain('value="We are closed"')
    const answer = await shelf.browser.post('/templates/1/edit', { name: 'We are CLOSED', message_body: 'Closed until Monday.' })
    expect(answer.status).toBe(303)
    const row = await shelf.deps.db.query.messageTemplates.findFirst()
    expect(row).toMatchObject({ name: 'We are CLOSED', messageBody: 'Closed until Monday.', updatedBy: 'nia', updatedAt: shelf.clock.now })
    expect(row).toMatchObject({ lastUsedAt: 1, lastUsedBy: 'tom' })
    expect(await shelf.audited()).toEqual([['template_updated', 'nia', 'template 1']])
  })

  it('refuses the name of another one, and a text that compose would refuse; both stay as they were', async () => {
    const shelf = await openShelf([closed, reminder])
    const taken = await shelf.browser.post('/templates/2/edit', { name: 'we are closed', message_body: 'x' })
    expect(await faultAt(taken, 'name')).toContain('“We are closed” has this name already')
    const unknown = await shelf.browser.post('/templates/2/edit', { name: 'Reminder', message_body: '{code}' })
    expect(await faultAt(unknown, 'message_body')).toContain('{code} is not a field.')
    expect(await shelf.stored()).toEqual([Object.values(closed), Object.values(reminder)])
    expect(await shelf.audited()).toEqual([])
  })

  it('is 404 where there is none', async () => {
    const shelf = await openShelf([closed])
    for (const id of ['2', '0', 'x', '99999999999999999999']) {
      for (const act of ['edit', 'delete']) {
        expect((await shelf.browser.get(`/templates/${id}/${act}`)).status).toBe(404)
        expect((await shelf.browser.post(`/templates/${id}/${act}`, { name: 'x', message_body: 'x' })).status).toBe(404)
      }
    }
    expect(await shelf.stored()).toHaveLength(1)
  })
})

describe('deleting one', () => {
  it('says what will happen first; twice is 404', async () => {
    const shelf = await openShelf([closed, reminder])
    const confirm = wordsOf(await shelf.browser.text('/templates/1/delete'))
    expect(confirm).toContain('Delete “We are closed”?')
    expect(confirm).toContain('What was sent and scheduled from it stays as it is.')
    expect(await shelf.stored()).toHaveLength(2)
    expect((await shelf.browser.post('/templates/1/delete')).status).toBe(303)
    expect(await shelf.stored()).toEqual([Object.values(reminder)])
    expect(await shelf.audited()).toEqual([['template_deleted', 'nia', 'template 1']])
    expect((await shelf.browser.post('/templates/1/delete')).status).toBe(404)
  })

  it('frees its name', async () => {
    const shelf = await openShelf([closed])
    await shelf.browser.post('/templates/1/delete')
    expect((await shelf.browser.post('/templates/add', { name: 'we are closed', message_body: 'Hello' })).status).toBe(303)
  })
})

describe('the list', () => {
  it('says what to do while there is none', async () => {
    const shelf = await openShelf()
    const html = await shelf.browser.text('/templates')
    expect(wordsOf(html)).toContain('No templates yet')
    expect(html).toContain('href="/templates/add"')
  })

  it('shows text, parts with the STOP line, last use and last edit', async () => {
    const at = Date.parse('2026-11-22T12:00:00Z')
    const shelf = await openShelf([
      { ...closed, lastUsedAt: at, lastUsedBy: 'tom', updatedAt: at - 5 * 86_400_000 },
      { name: 'Long', messageBody: 'x'.repeat(140), updatedAt: at },
    ])
    const words = wordsOf(await shelf.browser.text('/templates'))
    expect(words).toMatch(/We are closed Closed today\. 1 today by tom Nov 17 by rosa/)
    expect(words).toMatch(/Long x+… 2 Never today by rosa/)
  })

  const rows = [
    { name: 'banana', messageBody: 'Bring fruit', lastUsedAt: 5, updatedAt: 1 },
    { name: 'Apple', messageBody: 'Nothing 100% sure', lastUsedAt: null, updatedAt: 3 },
    { name: 'Éclair', messageBody: 'Sweet Lucía', lastUsedAt: 9, updatedAt: 2 },
  ]
  const namesIn = async (path: string) => {
    const html = await (await openShelf(rows)).browser.text(path)
    return [...html.matchAll(/<a href="\/templates\/\d+\/edit">([^<]*)<\/a>/g)].map(([, name]) => name)
  }

  it.each([
    ['', ['Apple', 'banana', 'Éclair']],
    ['?dir=desc', ['Éclair', 'banana', 'Apple']],
    ['?sort=last_used_at&dir=desc', ['Éclair', 'banana', 'Apple']],
    ['?sort=updated_at&dir=asc', ['banana', 'Éclair', 'Apple']],
    ['?sort=nonsense', ['Apple', 'banana', 'Éclair']],
    ['?search=BANANA', ['banana']],
    ['?search=fruit', ['banana']],
    ['?search=lucia', ['Éclair']],
    ['?search=100%25', ['Apple']],
    ['?search=%25', ['Apple']],
    ['?search=ui', ['banana']],
    ['?search=_', []],
    ['?search=nowhere', []],
  ])('%s', async (query, names) => {
    expect(await namesIn(`/templates${query}`)).toEqual(names)
  })

  it('finds by the words that stand there now', async () => {
    const shelf = await openShelf(rows)
    await shelf.browser.post('/templates/1/edit', { name: 'Cherry', message_body: 'Bring plates' })
    await shelf.browser.post('/templates/2/delete')
    const found = async (search: string) => wordsOf(await shelf.browser.text(`/templates?search=${search}`))
    expect(await found('plates')).toContain('Cherry Bring plates')
    for (const gone of ['fruit', 'banana', 'nothing']) expect(await found(gone)).toContain('Nothing matches')
  })

  it('has pages', async () => {
    const many = Array.from({ length: 51 }, (_, i) => ({ name: `T${100 + i}`, messageBody: 'x' }))
    const shelf = await openShelf(many)
    const [first, second] = [await shelf.browser.text('/templates'), await shelf.browser.text('/templates?page=2')]
    expect(first).toContain('>T149<')
    expect(first).not.toContain('>T150<')
    expect(second.match(/\/edit">T\d+</g)).toEqual(['/edit">T150<'])
  })
})
