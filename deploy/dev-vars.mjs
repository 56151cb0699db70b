import { randomBytes, randomInt } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './install.mjs'
import { stop } from './say.mjs'

const file = join(root, '.dev.vars')

/**
 * A fresh clone gets settings that work at once. An existing file is never touched, and who asks for production in the environment
 * brings the settings along.
 */
export function makeDevVars() {
  if (existsSync(file) || process.env.APP_ENV === 'production') return
  const lines = [
    '# Settings of this machine; .dev.vars.example lists them all. Never commit this file.',
    'APP_ENV=development',
    `SECRET_KEY=${randomBytes(32).toString('hex')}`,
    'ADMIN_USERNAME=admin',
    `ADMIN_PASSWORD=${readablePassword()}`,
  ]
  try {
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (fault) {
    if (fault.code === 'EEXIST') return
    stop(`The settings file ${file} cannot be written (${fault.code}). Check the folder's owner and permissions.`)
  }
}

/** Like `Tolu-Vare-Nika-4817`: 51 bits, easy to type on a phone, and every kind of character that the rules ask for. */
export function readablePassword() {
  const syllable = () => pick('bdfghklmnprstvwz') + pick('aeiou')
  const word = () => pick('BDFGHKLMNPRSTVWZ') + pick('aeiou') + syllable()
  return [word(), word(), word(), randomInt(1000, 10_000)].join('-')
}

const pick = (letters) => letters[randomInt(letters.length)]
