import { expect, test } from 'vitest'
import { allPlaces, Layout } from '../../templates/layout'
import { LoginPage } from '../../templates/login/page'
import { ProblemPage } from '../../templates/problem/page'
import { Blame } from '../../templates/ui/blame'
import { Blank } from '../../templates/ui/blank'
import { Chart } from '../../templates/ui/chart'
import { Check, Choices } from '../../templates/ui/choice'
import { FaultSummary } from '../../templates/ui/fault-summary'
import { Field, Select, TextArea } from '../../templates/ui/field'
import { Figures } from '../../templates/ui/figures'
import { PageHead } from '../../templates/ui/head'
import { Listing } from '../../templates/ui/listing'
import { Menu } from '../../templates/ui/menu'
import { Counter, FieldChips, Glyph, Nudge } from '../../templates/ui/message'
import { HoldClock, Note } from '../../templates/ui/note'
import { Bubble, PhoneReal, PretendPhone, templateParts } from '../../templates/ui/phone'
import { Reasons } from '../../templates/ui/reasons'
import { Lines, Receipt } from '../../templates/ui/receipt'
import { BlastStatus, DeliveryStatus, ScheduledStatus } from '../../templates/ui/status'
import { Sum } from '../../templates/ui/sum'
import { Tally } from '../../templates/ui/tally'
import { Todo } from '../../templates/ui/todo'
import { attributes, html } from './markup'

const form = { values: { a: 'x' }, faults: { a: 'Not so.' } }
const counts = { delivered: 5, failed: 1, unknown: 1 }
const state = { path: '/community', search: '', page: 1, pageSize: 1, sort: 'name', dir: 'asc' as const, filters: {} }

const everything = html(
  <Layout
    title="All"
    user={{ username: 'rosa', role: 'admin' }}
    simulated
    sending
    assetVersion="v"
    available={allPlaces.map((place) => place.key)}
    flash={[{ kind: 'ok', fact: 'Done.', act: { href: '/undo', label: 'Undo', post: true } }]}
  >
    <PageHead
      title="All"
      crumb={{ href: '/logs', label: 'Blasts' }}
      lede="x"
      status={<BlastStatus status="held" pill />}
      acts={<a href="/x">x</a>}
    />
    <FaultSummary form={form} />
    <Field form={form} name="a" label="A" hint="h" />
    <TextArea form={form} name="a" id="a2" label="A" />
    <Select form={form} name="a" id="a3" label="A" options={[{ value: 'x', label: 'X' }]} />
    <Check form={form} name="a" id="a4" label="A" hint="h" />
    <Choices form={form} name="c" legend="A" options={[{ value: 'x', label: 'X', hint: 'h', n: '3' }]} />
    <FieldChips into="a2" note="n" />
    <Counter id="count" used={2.03} parts={{ min: 2, max: 3 }} cost={43.94} characters={136} />
    <Nudge>
      <Glyph>’</Glyph>
    </Nudge>
    <Note kind="hold" fact="Nothing has left yet." art={<HoldClock until={20_000} now={9_000} seconds={15} />} />
    <Tally id="t" counts={counts} />
    <Sum total={{ label: 'Planned', n: 7 }} terms={[{ key: 'failed', label: 'Failed', n: 7 }]} />
    <DeliveryStatus status="unknown" />
    <ScheduledStatus status="expired" />
    <Blame by="settings" />
    <Reasons reasons={[{ n: 1, title: 'Off', by: 'phone', text: 'x', code: 'Twilio 30003', link: { href: '/x', label: 'See who' } }]} />
    <Todo items={[{ icon: 'pause', tone: 'bad', fact: 'x', rest: 'y', act: { href: '/x', label: 'x' } }]} />
    <Figures figures={[{ label: 'Members', value: '1', sub: 'x' }]} />
    <Receipt>
      <Lines lines={[{ label: 'People', value: '1', total: true }]} />
    </Receipt>
    <PhoneReal sender="x" when="today" clock="5:41">
      <Bubble text={templateParts('Hi {first_name|friend}, hello')} />
    </PhoneReal>
    <PretendPhone id="p1" owner="Maria" about="x" />
    <Chart
      id="chart"
      title="Texts a day"
      period="Nov 1 to Nov 2"
      days={[{ label: 'Nov 1', delivered: 1240, sent: 0, failed: 1, unknown: 1 }]}
    />
    <Listing
      state={state}
      page={{ rows: [1], total: 9 }}
      columns={[{ key: 'name', label: 'Name', sort: 'name', cell: () => 'x' }]}
      rowId={(row: number) => row}
      caption="x"
      searchLabel="x"
      empty={null}
      chips={[{ label: 'All', n: 1, name: 's' }]}
      pick={{ name: 'member_ids', value: (row: number) => row, label: () => 'x' }}
      bulk={{ action: '/x', children: null }}
      menu={() => <Menu label="x">x</Menu>}
    />
    <Blank title="Nothing">x</Blank>
  </Layout>,
)
const login = html(<LoginPage form={form} simulated assetVersion="v" rememberDays={7} />)
const problem = html(<ProblemPage status={500} requestId="1" assetVersion="v" simulated />)

test.each([
  ['every component', everything],
  ['sign-in', login],
  ['a problem', problem],
])('%s obeys a policy that allows nothing inline', (_, markup) => {
  expect(markup).not.toMatch(/\sstyle=/)
  expect(markup).not.toMatch(/\son\w+=/)
  expect(markup).not.toMatch(/\shx-on/)
  expect(markup).not.toMatch(/<style|javascript:|"js:/)
  expect(markup).not.toMatch(/<script(?![^>]* src=)/)
})

test.each([
  ['every component', everything],
  ['sign-in', login],
])('%s gives no id twice and describes by ids that are there', (_, markup) => {
  const ids = attributes(markup, 'id')
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  const named = [...attributes(markup, 'aria-describedby'), ...attributes(markup, 'aria-labelledby'), ...attributes(markup, 'for')]
  expect(named.flatMap((list) => list.split(' ')).filter((id) => !ids.includes(id))).toEqual([])
})

test('a field of a template is a part of its own, its braces kept', () => {
  expect(templateParts('Hi {first_name|friend}, {x')).toEqual(['Hi ', { filled: '{first_name|friend}' }, ', {x'])
})

test('the chart’s bars stand on the base and the day’s numbers are in its table', () => {
  const chart = everything.split('class="chart"')[1] ?? ''
  const delivered = /<rect class="f-delivered" x="[^"]*" y="([\d.]+)" width="[^"]*" height="([\d.]+)"/.exec(chart)
  expect(Number(delivered?.[1]) + Number(delivered?.[2])).toBeCloseTo(160, 2)
  expect(chart).toContain(
    '<th scope="row">Nov 1</th><td class="num">1,240</td><td class="num">0</td><td class="num">1</td><td class="num">1</td>',
  )
})

test('the hold clock tells what is left by the server’s clock', () => {
  expect(everything).toMatch(/data-until="20000" data-now="9000" data-seconds="15"/)
  expect(everything).toMatch(/<text x="26" y="32" text-anchor="middle">11<\/text>/)
})
