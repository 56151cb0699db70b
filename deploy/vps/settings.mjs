// `node deploy/vps/settings.mjs FILE DATA_DIR [--domain NAME] [--proxy] [--dry-run]`: the settings file of a server. It is made where there
// is none; one that is there keeps every line, and gets what .dev.vars.example has beyond it. Prints what it did, a line each.
import { randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readablePassword } from '../dev-vars.mjs'
import { root } from '../install.mjs'
import { say } from '../say.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { domain: { type: 'string' }, proxy: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
})
const [file, data] = positionals

/** Without these nothing runs as it should, also in a file that somebody else began. */
const needed = {
  APP_ENV: 'production',
  SECRET_KEY: randomBytes(32).toString('hex'),
  DATABASE_PATH: join(data, 'sms-admin.sqlite'),
  WORKERD_DATA_DIR: join(data, 'workerd'),
  ...(values.domain ? { PUBLIC_URL: `https://${values.domain}` } : {}),
}
const proxy = values.proxy ? { TRUST_PROXY: '1' } : {}
/** In a new file only: elsewhere Twilio may be set already, and the first password may have been taken out. */
const first = { ADMIN_PASSWORD: readablePassword(), SMS_PROVIDER: 'simulator' }

const head = `# Settings of SMS Admin on this machine: NAME=value, a line each, read by systemd. \`sms-admin restart\` after a change.
# docs/configuration.md says more about each; behind a # stands its default.
`

if (existsSync(file)) append(readFileSync(file, 'utf8'))
else create()

function create() {
  const lines = settingsOf(example()).flatMap(({ heading, comments, name, line }) => {
    const value = { ...needed, ...proxy, ...first }[name]
    return [...heading, ...comments, value === undefined ? asDefault(line) : `${name}=${value}`]
  })
  say(`make ${file}, with a random SECRET_KEY and ADMIN_PASSWORD, and SMS_PROVIDER=simulator, which sends nothing`)
  if (!values['dry-run']) writeFileSync(file, `${head}${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' })
}

function append(text) {
  const named = (name) => new RegExp(`^\\s*#?\\s*(export\\s+)?${name}\\s*=`, 'm').test(text)
  const given = (name) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=[ \\t]*\\S`, 'm').test(text)
  const missing = settingsOf(example()).filter(({ name }) => (needed[name] ? !given(name) : !named(name)))
  const lines = missing.flatMap(({ comments, name, line }) => {
    const value = { ...needed, ...proxy }[name]
    return [...comments, value === undefined ? asDefault(line) : `${name}=${value}`]
  })
  const names = lines.map((line) => line.match(/^(#?[A-Z][A-Z0-9_]*)=/)?.[1]).filter(Boolean)
  if (names.length > 0) say(`add to ${file}: ${names.join(', ')}`)
  for (const line of text.split('\n').filter(isAmbiguous))
    say(
      `Look at: ${file} has ${line.split('=')[0]} with a quote, # or backslash that systemd and dbdoctor read differently. Choose other characters.`,
    )
  if (lines.length > 0 && !values['dry-run']) appendFileSync(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${lines.join('\n')}\n`)
}

function example() {
  return readFileSync(join(root, '.dev.vars.example'), 'utf8')
}

/** Each setting with the comments above it; those of a section's heading are for a new file only. */
function settingsOf(text) {
  const settings = []
  let [heading, comments] = [[], []]
  // The first lines speak of .dev.vars itself.
  for (const line of text.slice(text.indexOf('# ---')).split('\n')) {
    const name = line.match(/^#?([A-Z][A-Z0-9_]*)=/)?.[1]
    if (name) {
      settings.push({ heading, comments, name, line })
      heading = []
      comments = []
    } else if (line.startsWith('# ---')) heading = ['', line]
    else if (line !== '') comments.push(line)
  }
  return settings
}

function asDefault(line) {
  return line.startsWith('#') ? line : `#${line}`
}

/** systemd ends no value at a #, knows backslashes and no backticks; Node the other way round. */
function isAmbiguous(line) {
  const [, name, value = ''] = line.match(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/) ?? []
  if (!name) return false
  const quoted = /^(["'])[^"'\\]*\1$/.test(value)
  return /^\s*export/.test(line) || (!quoted && /["'`\\#]/.test(value))
}
