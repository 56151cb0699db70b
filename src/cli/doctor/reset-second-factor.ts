import { createNodeHost, openFile } from '../../platform/node'
import { resetSecondFactor } from '../../users/reset-second-factor'
import { databasePath, Refusal, type Run, readSettings, say } from './context'

export const resetUserSecondFactor: Run = async (name) => {
  const config = readSettings()
  const file = await openFile(databasePath())
  try {
    const reset = await resetSecondFactor(createNodeHost(config, file, '').deps, name)
    if (reset.kind === 'nobody') throw new Refusal(`There is no user ${name}.`)
    if (reset.kind === 'none') throw new Refusal(`${reset.username} has no sign-in code.`)
    say(`${reset.username} has no sign-in code any more: the password alone signs them in.`)
    say('They are signed out everywhere, and set up a new one under Sign-in code.')
  } finally {
    file.close()
  }
  return true
}
