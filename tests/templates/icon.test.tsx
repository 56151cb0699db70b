import { describe, expect, it } from 'vitest'
import { Icon, IconSheet } from '../../templates/ui/icon'
import { Menu } from '../../templates/ui/menu'
import { html } from './markup'

const all = (markup: string, pattern: RegExp) => [...markup.matchAll(pattern)].map((match) => match[1])

describe('an icon', () => {
  it('is a drawing of its own, hidden from screen readers', () => {
    const markup = html(<Icon name="trash" />)
    expect(markup).toMatch(/^<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="[^"]+"\/><\/svg>$/)
  })

  it('in a sheet is drawn once and named where it stands', () => {
    const markup = html(
      <IconSheet id="i-list">
        {[1, 2, 3].map((row) => (
          <Menu label={`Row ${row}`}>
            <Icon name="write" />
          </Menu>
        ))}
      </IconSheet>,
    )
    expect(all(markup, /<use href="#([^"]+)"\/>/g)).toEqual(Array(3).fill(['i-list-more', 'i-list-write']).flat())
    expect(all(markup, /<symbol id="([^"]+)" viewBox="0 0 16 16"><(?:path|circle)/g)).toEqual(['i-list-more', 'i-list-write'])
  })

  it('of one sheet is none of the next', () => {
    const markup = html(
      <>
        <IconSheet id="a">
          <Icon name="up" />
        </IconSheet>
        <IconSheet id="b">
          <Icon name="down" />
        </IconSheet>
        <Icon name="plus" />
      </>,
    )
    expect(all(markup, /<symbol id="([^"]+)"/g)).toEqual(['a-up', 'b-down'])
    expect(all(markup, /<use href="#([^"]+)"/g)).toEqual(['a-up', 'b-down'])
    expect(markup).toMatch(/viewBox="0 0 16 16" aria-hidden="true"><path d="[^"]+"\/><\/svg>$/)
  })
})
