import { sql } from 'drizzle-orm'
import { communityMembers, eventRegistrations, events, suppressedContacts, unsubscribedContacts } from '../../src/db/schema'
import { createHarness } from '../support/harness'

export type Office = Awaited<ReturnType<typeof openOffice>>

export const phoneOf = (n: number) => `+1323555${String(n).padStart(4, '0')}`

/** An office with members by name, in order of their phones from (323) 555-0001, and a member of staff at the browser. */
export async function openOffice(names: readonly string[] = ['Maria Alvarez', 'Wei Chen', ''], settings: Record<string, string> = {}) {
  const harness = await createHarness({ ADMIN_TEST_PHONE: '+13235559999', SEND_HOLD_SECONDS: '15', ...settings })
  const { deps } = harness
  const at = { createdAt: deps.now(), updatedAt: deps.now() }
  for (const [index, name] of names.entries()) await deps.db.insert(communityMembers).values({ name, phone: phoneOf(index + 1), ...at })
  const browser = await harness.signIn('social_manager')
  // A new browser is told to its user.
  harness.nudges.length = 0

  const optOut = (phone: string) => deps.db.insert(unsubscribedContacts).values({ phone, source: 'staff', createdAt: deps.now() })
  const suppress = (phone: string) =>
    deps.db.insert(suppressedContacts).values({ phone, category: 'hard_fail', source: 'message_failure', createdAt: deps.now() })
  async function addEvent(title: string, guests: readonly { name: string; phone: string }[] = [], date = '2026-11-22') {
    const [event] = await deps.db
      .insert(events)
      .values({ title, date, ...at })
      .returning()
    if (!event) throw new Error('no event')
    for (const guest of guests) await deps.db.insert(eventRegistrations).values({ eventId: event.id, ...guest, ...at })
    return event
  }
  const blasts = () =>
    deps.db.all<{
      id: number
      message_body: string
      target: string
      test_mode: number
      total_recipients: number
      excluded_opted_out: number
      created_by: string
    }>(sql`SELECT * FROM message_logs ORDER BY id`)
  const recipients = async () => {
    const rows = await deps.db.all<{ phone: string }>(sql`SELECT phone FROM message_deliveries ORDER BY id`)
    return rows.map(({ phone }) => phone)
  }
  const review = (fields: Fields = {}) => browser.post('/dashboard/review', { ...written, ...fields })
  /** The fields of the review page's form with the button. */
  async function reviewed(fields: Fields = {}): Promise<Fields> {
    const answer = await review(fields)
    if (answer.status !== 200) throw new Error(`review answered ${answer.status}`)
    return sendForm(await answer.text())
  }
  return { ...harness, browser, optOut, suppress, addEvent, blasts, recipients, review, reviewed }
}

export type Fields = Record<string, string>
export const written: Fields = { message_body: 'Hi {first_name|friend}, supper at 6.', target: 'community', include_unsubscribe: '1' }

/** What the form with the id `send` would post. */
export function sendForm(html: string): Fields {
  const form = /<form[^>]* id="send"[\s\S]*?<\/form>/.exec(html)?.[0] ?? ''
  const fields: Fields = {}
  for (const [tag] of form.matchAll(/<input type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1]
    if (name) fields[name] = plainText(/value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  return fields
}

const entities: Record<string, string> = { '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' }
const plainText = (text: string) => text.replace(/&(quot|#39|lt|gt|amp);/g, (entity) => entities[entity] ?? entity)

/** The words of a page, without its marks. */
export const wordsOf = (html: string) =>
  plainText(html.replace(/<(svg|head)[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ')

/** The kept text of the message box. */
export const boxOf = (html: string) => plainText(/<textarea[^>]*>\n?([\s\S]*?)<\/textarea>/.exec(html)?.[1] ?? '')
