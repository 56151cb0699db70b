import { expect, it } from 'vitest'
import { openPopulated } from './populated'

/** Where the one button of a problem page leads, and what it says. */
const actOf = (html: string) => /class="btn btn-go" href="([^"]*)">(?:<svg[\s\S]*?<\/svg>)?([^<]*)/.exec(html)?.slice(1)

it('what is refused or gone leads back to where it stands, not to the start', async () => {
  const h = await openPopulated()
  const admin = await h.signIn('admin')
  const staff = await h.signIn('social_manager')
  const blast = await h.deps.db.query.messageLogs.findFirst({ where: (log, { eq }) => eq(log.status, 'sent') })
  const asked = async (who: typeof admin, path: string) => {
    const answer = await who.post(path)
    return [answer.status, ...(actOf(await answer.text()) ?? [])]
  }
  expect(await asked(staff, `/logs/${blast?.id}/resume`)).toEqual([409, `/logs/${blast?.id}`, 'Back to the blast'])
  expect(await asked(staff, '/logs/9999/resume')).toEqual([404, '/logs', 'Back to Blasts'])
  expect(await asked(staff, '/scheduled/9999/cancel')).toEqual([404, '/scheduled', 'Back to Scheduled'])
  expect(await asked(staff, '/events/9999/register')).toEqual([404, '/events', 'Back to Events'])
  expect(await asked(admin, '/users/9999/delete')).toEqual([404, '/users', 'Back to Staff'])
  expect(await asked(admin, '/community/9999/delete')).toEqual([404, '/community', 'Back to Members'])
  expect(await asked(staff, '/nowhere/1')).toEqual([404, '/dashboard', 'To the start'])
})
