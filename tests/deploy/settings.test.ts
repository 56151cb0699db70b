import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readConfig, settingNames } from '../../src/config'

const example = readFileSync('.dev.vars.example', 'utf8')
const page = readFileSync('docs/configuration.md', 'utf8')
const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]).sort()

describe('every setting, and no other, is explained', () => {
  it('in .dev.vars.example', () => {
    expect(namesIn(example, /^#?([A-Z][A-Z0-9_]*)=/gm)).toEqual([...settingNames].sort())
  })

  it('in docs/configuration.md', () => {
    expect(namesIn(page, /^\| `([A-Z][A-Z0-9_]*)` \|/gm)).toEqual([...settingNames].sort())
  })
})

it('.dev.vars.example shows the defaults', () => {
  const needed = { APP_ENV: 'development', SECRET_KEY: 'k'.repeat(32) }
  const uncommented = parseEnv(example.replace(/^#(?=[A-Z][A-Z0-9_]*=)/gm, ''))
  expect(readConfig({ ...uncommented, ...needed }, 'node')).toEqual(readConfig(needed, 'node'))
})
