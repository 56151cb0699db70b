import { fstatSync } from 'node:fs'
import { createNodeHost, openFile } from '../../platform/node'
import { resetPassword } from '../../users/reset-password'
import { databasePath, Refusal, type Run, readSettings, say } from './context'

/** Who pipes a password in has it ready; a pipe that nobody writes to is no question. */
const patienceMs = 5000

export const resetUserPassword: Run = async (username) => {
  const config = readSettings()
  const given = await readGiven()
  const file = await openFile(databasePath())
  try {
    const reset = await resetPassword(createNodeHost(config, file, '').deps, username, given)
    if (reset.kind === 'nobody') throw new Refusal(`There is no user ${username}.`)
    if (reset.kind === 'fault') throw new Refusal(`That password will not do. ${reset.fault}`)
    if (given === null) say(`New password of ${reset.username}: ${reset.password}\nIt is shown this once.`)
    else say(`${reset.username} has the password that you gave.`)
    say('They are signed out everywhere and choose their own at the next sign-in.')
  } finally {
    file.close()
  }
  return true
}

/** The first line of standard input where it is a pipe or a file; null where it is a terminal, or empty. */
async function readGiven(): Promise<string | null> {
  if (process.stdin.isTTY || !holdsSomething()) return null
  let text = ''
  const late = setTimeout(() => process.stdin.destroy(), patienceMs)
  try {
    for await (const chunk of process.stdin) {
      clearTimeout(late)
      text += String(chunk)
      if (text.includes('\n')) break
    }
  } catch {
    // Destroyed: nothing came.
  }
  clearTimeout(late)
  return text.split(/\r?\n/)[0] || null
}

function holdsSomething(): boolean {
  try {
    const input = fstatSync(0)
    return input.isFIFO() || input.isFile() || input.isSocket()
  } catch {
    return false
  }
}
