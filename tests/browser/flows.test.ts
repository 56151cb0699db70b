import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt } from '../second-factor/with-factor'
import { type AppUnderTest, startApp } from './support/app'
import { launchBrowser } from './support/launch'
import { openPhone, type Staff } from './support/staff'

/* What staff do, on a phone without a script; where the script takes part, with it too. All of it at the same time, so each has people of its own. */

/** Three run at a time, and a slow machine is no fault of theirs. */
const flowMs = 180_000

let browser: Browser
let app: AppUnderTest
/** Sends a text a second, at once: a blast that lasts. */
let slow: AppUnderTest

beforeAll(async () => {
  const calm = { SEND_HOLD_SECONDS: '6' }
  ;[browser, app, slow] = await Promise.all([
    launchBrowser(),
    startApp('node', calm),
    startApp('node', { SEND_HOLD_SECONDS: '0', SEND_RATE_PER_SECOND: '1' }),
  ])
})

afterAll(() => Promise.all([browser?.close(), app?.remove(), slow?.remove()]))

const daysAhead = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const guestList = (names: readonly string[], phoneOf: (n: number) => string) =>
  ['Name,Phone', ...names.map((name, n) => `${name},${phoneOf(n)}`)].join('\n')

async function addEvent(s: Staff, title: string) {
  await s.goTo('Events')
  await s.follow(/^(Add an|Make the first) event$/)
  await s.fill('Title', title)
  await s.fill('Date', daysAhead(20))
  await s.press('Add this event')
  await s.sees(`${title} was added.`)
}

async function addGuest(s: Staff, name: string, phone: string) {
  await s.fill('Name', name)
  await s.fill('Phone', phone)
  await s.press('Add this guest')
  await s.page.getByRole('rowheader', { name }).waitFor()
}

/** From an event's page up to the review. */
async function writeToGuests(s: Staff, words: string) {
  await s.follow('Write to these guests')
  await s.fill('Message', words)
  await s.press('Review')
  await s.page.getByRole('heading', { name: /^Check before you/ }).waitFor()
}

async function sendLater(s: Staff, words: string) {
  await s.follow('Write to these guests')
  await s.fill('Message', words)
  await s.page.getByLabel('Send later').tap()
  await s.fill('Day', daysAhead(3))
  await s.fill(/^Time,/, '18:30')
}

describe.concurrent.each([
  { script: true, area: '323' },
  { script: false, area: '213' },
])('on a phone (script: $script)', ({ script, area }) => {
  const phone = (n: number) => `${area}55501${String(n).padStart(2, '0')}`
  const mode = script ? 'scripted' : 'bare'

  /** Nothing may be refused by the browser: no script, style or request. */
  const flow = (name: string, run: (s: Staff) => Promise<void>, { at = () => app, scripted = false } = {}) => {
    if (script && !scripted) return
    it(
      name,
      async () => {
        const s = await openPhone(browser, at(), { script })
        await run(s)
        // The console also names a form that was refused.
        expect(s.refused.filter((line) => !line.includes('422'))).toEqual([])
        await s.close()
      },
      flowMs,
    )
  }

  flow('imports members after a preview, and takes the import back', async (s) => {
    await s.goTo('Members')
    await s.follow(/^Import/)
    await s.upload(`Name,Phone\nAda ${mode},${phone(1)}\nBea ${mode},${phone(2)}\nNobody,12`)
    await s.until('Check the import')
    await s.sees(/Row 4/)
    await s.press('Import 2 rows')
    await s.until('2 rows imported.')
    await s.press('Undo')
    await s.until('The import was undone.')
  })

  flow('adds, changes and deletes a member', async (s) => {
    await s.goTo('Members')
    await s.follow(/^(Add a member|Add one by hand)$/)
    await s.fill('Name', `Cleo ${mode}`)
    await s.fill('Phone', '12')
    await s.press('Add this member')
    await s.sees('1 thing to mend before it is stored')
    await s.fill('Phone', phone(3))
    await s.press('Add this member')
    await s.follow(`Cleo ${mode}`)
    await s.fill('Name', `Cleo changed ${mode}`)
    await s.press('Store the changes')
    await s.choose(`Cleo changed ${mode}`, 'Delete member')
    await s.press(`Delete Cleo changed ${mode}`)
    await s.sees(/deleted/)
    expect(await s.page.getByRole('rowheader', { name: `Cleo changed ${mode}` }).count()).toBe(0)
  })

  flow(
    'makes an event, adds and imports guests, texts them, undoes in time, and texts them for good',
    async (s) => {
      await addEvent(s, `Supper ${mode}`)
      await addGuest(s, `Dora ${mode}`, phone(4))
      await s.follow('Import')
      await s.upload(guestList([`Eva ${mode}`, `Finn ${mode}`], (n) => phone(5 + n)))
      await s.until('Check the import')
      await s.press('Import 2 rows')
      await s.until('2 rows imported.')
      await s.follow(`Supper ${mode}`)
      await writeToGuests(s, 'Supper is at 6, {first_name}.')
      await s.press('Text 3 people now')
      await s.sees('Nothing has left yet.')
      await s.press('Undo')
      await s.sees('Nobody was texted.')
      expect(await s.page.getByLabel('Message').inputValue()).toBe('Supper is at 6, {first_name}.')
      await s.press('Review')
      await s.press('Text 3 people now')
      await s.until('3 of 3 handled')
      await s.sees(`Eva ${mode}`)
    },
    { scripted: true },
  )

  flow(
    'sends later, changes it, and cancels it',
    async (s) => {
      await addEvent(s, `Choir ${mode}`)
      await addGuest(s, `Gil ${mode}`, phone(7))
      await sendLater(s, `Choir meets, ${mode} you`)
      await s.press('Review')
      await s.press(/^Schedule for/)
      await s.sees(/^Scheduled for/)
      if (script) {
        await s.sees(/\w+ \d+, 6:30 PM Denver/)
        await s.page.getByLabel('Find a text').fill('zzz')
        await s.page.getByText('PM Denver').first().waitFor({ state: 'detached' })
        await s.page.getByLabel('Find a text').fill('Choir')
        await s.sees(/\w+ \d+, 6:30 PM Denver/)
      }
      await s.follow(`Choir meets, ${mode} you`)
      await s.fill('Message', `Choir is off, ${mode} you`)
      await s.press('Review')
      await s.sees('Check before you save the change')
      await s.press('Change the text')
      await s.press('Review')
      await s.press(/^Save it for/)
      await s.sees(/^Changed\./)
      await s.choose(`Choir is off, ${mode} you`, 'Cancel it')
      await s.sees(`“Choir is off, ${mode} you” is cancelled.`)
    },
    { scripted: true },
  )

  flow('makes a text repeat, and ends it', async (s) => {
    await addEvent(s, `Class ${mode}`)
    await addGuest(s, `Hal ${mode}`, phone(8))
    await sendLater(s, `Class as always, ${mode} you`)
    await s.page.getByLabel('How often').selectOption('Every week')
    await s.page.getByLabel('Tuesday').tap()
    await s.press('Review')
    await s.press(/^Schedule it, every/)
    await s.sees(/^Scheduled: every/)
    await s.follow('Texts that repeat')
    await s.page
      .getByRole('listitem')
      .filter({ hasText: `Class as always, ${mode} you` })
      .getByRole('link', { name: 'End it' })
      .tap()
    await s.press('End the series')
    await s.sees('It does not repeat any more.')
  })

  flow('opts somebody out by hand, and gives them back with a reason', async (s) => {
    await s.goTo('Opt-outs')
    await s.follow(/^Add (an opt-out|one by hand)$/)
    await s.fill('Phone', phone(9))
    await s.fill('Name', `Ida ${mode}`)
    await s.fill('Why', 'Told us at the door')
    await s.press('Never text this number')
    await s.sees(`Ida ${mode} is opted out.`)
    await s.page
      .getByRole('row', { name: `Ida ${mode}` })
      .getByRole('link', { name: 'Text again' })
      .tap()
    await s.fill('Why may we text them again?', 'Asked us to')
    await s.press(`Let Ida ${mode} be texted again`)
    await s.sees(`Ida ${mode} is no longer opted out.`)
  })

  flow('finds a person', async (s) => {
    await addEvent(s, `Fair ${mode}`)
    await addGuest(s, `Jon ${mode}`, phone(10))
    await s.page.getByRole('banner').getByRole('link', { name: 'Find a person' }).tap()
    await s.fill(/name or phone/i, `Jon ${mode}`)
    await s.press('Find')
    await s.page.getByRole('heading', { level: 1, name: `Jon ${mode}` }).waitFor()
  })

  flow(
    'pauses a blast, goes on with it, and cancels the rest',
    async (s) => {
      await addEvent(s, `Long ${mode}`)
      await s.follow('Import a sign-up sheet')
      await s.upload(
        guestList(
          Array.from({ length: 60 }, (_, n) => `Guest ${n}`),
          (n) => phone(20 + n),
        ),
      )
      await s.until('Check the import')
      await s.press('Import 60 rows')
      await s.until('60 rows imported.')
      await s.follow(`Long ${mode}`)
      await writeToGuests(s, 'One at a time')
      await s.press('Text 60 people now')
      await s.press('Pause')
      await s.sees('Paused by admin.')
      await s.press(/^Resume: text the other/)
      await s.sees('It goes on where it stopped.')
      await s.press('Cancel the rest')
      await s.sees(/^\d+ (was|were) spared|spared\.$/)
      await s.until('60 of 60 handled')
    },
    { at: () => slow, scripted: true },
  )

  flow('takes somebody in, who chooses a password of their own, and signs out', async (s) => {
    const username = `nia-${mode}`
    await s.goTo('Staff')
    await s.follow('Add somebody')
    await s.fill('Username', username)
    await s.page.getByLabel('Social manager').tap()
    await s.fill('First password', 'Given-Horse-9-Battery')
    await s.press('Add this person')
    await s.sees(`${username} was added.`)
    await s.signOut()
    await s.signIn(username, 'Given-Horse-9-Battery')
    await s.fill('Current password', 'Given-Horse-9-Battery')
    await s.page.getByLabel('New password', { exact: true }).fill('Chosen-Horse-9-Battery')
    await s.fill('New password again', 'Chosen-Horse-9-Battery')
    await s.press('Change my password')
    await s.page.waitForURL('**/login*')
    await s.signIn(username, 'Chosen-Horse-9-Battery')
    await s.page.getByRole('heading', { name: 'Write a text' }).waitFor()
    await s.signOut()
  })

  flow('sets up a sign-in code, is asked for it at the door, and gets in with a recovery code when the phone is lost', async (s) => {
    const username = `olu-${mode}`
    const password = 'Given-Horse-9-Battery'
    await s.goTo('Staff')
    await s.follow('Add somebody')
    await s.fill('Username', username)
    await s.page.getByLabel('Social manager').tap()
    await s.fill('First password', password)
    await s.page.getByLabel('They choose their own').uncheck()
    await s.press('Add this person')
    await s.signOut()
    await s.signIn(username, password)
    await s.goTo('Sign-in code')
    await s.press('Set it up')
    await s.page.getByRole('img', { name: 'QR code of the key below' }).waitFor()
    const secret = (await s.page.locator('.secret').innerText()).replaceAll(' ', '')
    await s.fill(/^Code$/, codeAt(secret, Date.now(), -1))
    await s.fill('Current password', password)
    await s.press('Turn it on')
    await s.sees('You see them this once.')
    const [recovery = ''] = (await s.page.locator('.codes').innerText()).split('\n')
    for (const code of [codeAt(secret, Date.now()), recovery.replaceAll('-', '')]) {
      await s.signOut()
      await s.signIn(username, password)
      await s.page.getByRole('heading', { name: 'Now your code' }).waitFor()
      await s.fill(/^Code$/, code)
      await s.press('Sign in')
      await s.page.getByRole('heading', { name: 'Write a text' }).waitFor()
    }
    await s.sees('You have 9 recovery codes left.')
  })
})
