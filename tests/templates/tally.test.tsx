import { expect, test } from 'vitest'
import { Sum } from '../../templates/ui/sum'
import { Key, Tally } from '../../templates/ui/tally'
import { attributes, html } from './markup'

const blast = { waiting: 392, delivered: 512, failed: 15, sent: 131, unknown: 3, accepted: 187, skipped: 3 }

function shares(markup: string): number[] {
  return [...markup.matchAll(/<rect class="f-(?!gap)\w+" width="([\d.]+)%"/g)].map((match) => Number(match[1]))
}

test.each([
  ['a blast', blast],
  ['thirds', { delivered: 1, sent: 1, failed: 1 }],
  ['sevenths of one each', { delivered: 1, sent: 1, accepted: 1, skipped: 1, failed: 1, unknown: 1, waiting: 1 }],
  ['one among many', { delivered: 99_999, failed: 1 }],
])('the shares of %s add up to 100', (_, counts) => {
  const total = shares(html(<Tally id="t" counts={counts} />)).reduce((sum, share) => sum + share, 0)
  expect(total).toBeCloseTo(100, 6)
})

test('a share is true to a thousandth', () => {
  expect(shares(html(<Tally id="t" counts={blast} />))[0]).toBe(41.191)
})

test('each slice begins where the one before ends', () => {
  const markup = html(<Tally id="t" counts={blast} />)
  const cut = [...markup.matchAll(/<rect class="f-(?!gap)\w+" width="([\d.]+)%" x="([\d.]+)%"/g)]
  const starts = cut.map((match) => Number(match[2]))
  const ends = cut.map((match) => Number(match[1]) + Number(match[2]))
  expect(starts[0]).toBe(0)
  for (const [index, end] of ends.slice(0, -1).entries()) expect(starts[index + 1]).toBeCloseTo(end, 6)
})

test('the label says the whole sum, in the fixed order', () => {
  expect(attributes(html(<Tally id="t" counts={blast} />), 'aria-label')).toEqual([
    '512 delivered, 131 on its way, 187 handed over, 3 skipped, 15 failed, 3 being checked, 392 to go, of 1,243',
  ])
})

test('nobody at all is no division by zero', () => {
  const markup = html(<Tally id="t" counts={{ delivered: 0 }} />)
  expect(markup).not.toContain('NaN')
  expect(attributes(markup, 'aria-label')).toEqual(['Nobody'])
})

test('failed is hatched and unknown dotted, each by the ids of its own bar', () => {
  const markup = html(<Tally id="blast-7" counts={blast} />)
  expect(attributes(markup, 'fill')).toEqual(['url(#blast-7-hatch)', 'url(#blast-7-dots)'])
  expect(attributes(markup, 'id')).toEqual(['blast-7-hatch', 'blast-7-dots'])
})

test('keys carry no ids, so that any number of them may stand on a page', () => {
  expect(
    attributes(
      html(
        <>
          <Key of="failed" />
          <Key of="unknown" />
        </>,
      ),
      'id',
    ),
  ).toEqual([])
})

test('a sum keeps its zero terms and writes thousands', () => {
  const markup = html(
    <Sum
      total={{ label: 'Planned', n: 1243 }}
      terms={[
        { key: 'delivered', label: 'With Twilio', n: 1243 },
        { key: 'failed', label: 'Failed', n: 0 },
      ]}
    />,
  )
  expect([...markup.matchAll(/<dd>([^<]*)<\/dd>/g)].map((match) => match[1])).toEqual(['1,243', '1,243', '0'])
})
