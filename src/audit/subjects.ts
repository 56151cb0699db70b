import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database'

/** A piece of an event's subject; with the page of what it names, where there still is one. */
export type SubjectPart = { text: string; href?: string }

/** D1 takes no more in a compound SELECT. */
const mostTerms = 5

type Noun = { rows: SQL; href(id: number): string }

/** What a subject may name by its number, and where it is looked at. */
const nouns: Record<string, Noun> = {
  blast: { rows: sql`message_logs WHERE 1`, href: (id) => `/logs/${id}` },
  event: { rows: sql`events WHERE 1`, href: (id) => `/events/${id}` },
  import: { rows: sql`imports WHERE 1`, href: (id) => `/imports/${id}` },
  member: { rows: sql`community_members WHERE 1`, href: (id) => `/community/${id}/edit` },
  template: { rows: sql`message_templates WHERE 1`, href: (id) => `/templates/${id}/edit` },
  'scheduled message': { rows: sql`scheduled_messages WHERE status = 'pending'`, href: (id) => `/scheduled/${id}/edit` },
}

const named = new RegExp(`\\b(${Object.keys(nouns).join('|')}) (\\d{1,15})\\b`, 'g')
/** `user nia, admin`, `user nia: phone changed`, `user nia` */
const namedUser = /^user (.+?)(?=, (?:admin|social manager)$|: |$)/

/** The subjects of a page, cut where they name something that can be looked at. Three queries at most, however many there are. */
export async function readSubjects(db: Db, subjects: readonly string[]): Promise<SubjectPart[][]> {
  const hrefs = new Map([...(await hrefsOfNumbered(db, subjects)), ...(await hrefsOfUsers(db, subjects))])
  return subjects.map((subject) => partsOf(subject, hrefs))
}

async function hrefsOfNumbered(db: Db, subjects: readonly string[]): Promise<[string, string][]> {
  const wanted = new Map<string, number[]>()
  for (const [, noun = '', id] of subjects.flatMap((subject) => [...subject.matchAll(named)])) {
    wanted.set(noun, [...(wanted.get(noun) ?? []), Number(id)])
  }
  if (wanted.size === 0) return []
  // One term for each noun.
  const terms = [...wanted].map(
    ([noun, ids]) =>
      sql`SELECT ${noun} AS noun, id FROM ${nouns[noun]?.rows} AND id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
  )
  const asked = [terms.slice(0, mostTerms), terms.slice(mostTerms)].filter((some) => some.length > 0)
  const found = await Promise.all(asked.map((some) => db.all<{ noun: string; id: number }>(sql.join(some, sql` UNION ALL `))))
  return found.flat().flatMap(({ noun, id }) => {
    const href = nouns[noun]?.href(id)
    return href === undefined ? [] : [[`${noun} ${id}`, href] as [string, string]]
  })
}

async function hrefsOfUsers(db: Db, subjects: readonly string[]): Promise<[string, string][]> {
  const names = subjects.flatMap((subject) => namedUser.exec(subject)?.[1] ?? [])
  if (names.length === 0) return []
  const found = await db.all<{ id: number; username: string }>(sql`
    SELECT id, username FROM users WHERE username IN (SELECT value FROM json_each(${JSON.stringify(names)}))`)
  return found.map(({ id, username }) => [`user ${username}`, `/users/${id}/edit`])
}

function partsOf(subject: string, hrefs: ReadonlyMap<string, string>): SubjectPart[] {
  const user = namedUser.exec(subject)
  const parts: SubjectPart[] = []
  let end = 0
  for (const { 0: text, index } of user ? [user] : subject.matchAll(named)) {
    const href = hrefs.get(text)
    if (index > end) parts.push({ text: subject.slice(end, index) })
    parts.push({ text, href })
    end = index + text.length
  }
  return end < subject.length ? [...parts, { text: subject.slice(end) }] : parts
}
