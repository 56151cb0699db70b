import { recountStale } from '../../blasts/counts'
import { openDatabase } from '../../db/database'
import { migrate } from '../../db/migrate'
import { D1OnBetterSqlite3 } from '../../platform/d1-on-better-sqlite3'
import { readMigrations } from '../../platform/node-env'

export type SeedSizes = {
  members: number
  blasts: number
  /** Of all blasts together. */
  deliveries: number
  /** Recipients of one of them, the newest. */
  largest: number
  optOuts: number
}

const numbers = (count: number) => `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})`
const pick = (names: string[], by: string) => `CASE ${by} ${names.map((name, at) => `WHEN ${at} THEN '${name}'`).join(' ')} END`
const firstNames = [
  'Maria',
  'José',
  'Aisha',
  'Wei',
  'Olga',
  'Samuel',
  'Ngoc',
  'Fatima',
  'Liam',
  'Zoë',
  'Kwame',
  'Ana',
  'Ravi',
  'Ines',
  'Tom',
]
const lastNames = [
  'Nguyen',
  'García',
  'Okafor',
  'Smith',
  'Kowalski',
  'Haddad',
  'Chen',
  'O’Brien',
  'Silva',
  'Kim',
  'Johnson',
  'Petrov',
  'Ali',
]
const dayMs = 86_400_000

/** Numbers that exist, one for each of up to 8,000,000 people, and names that sort and search like people's. */
export async function insertMembers(file: D1OnBetterSqlite3, count: number): Promise<void> {
  const first = pick(firstNames, `i * 7 % ${firstNames.length}`)
  const last = pick(lastNames, `i * 5 % ${lastNames.length}`)
  await file.exec(`
    INSERT INTO community_members (name, phone, created_at, updated_at)
    SELECT * FROM (${numbers(count)} SELECT ${first} || ' ' || ${last} || ' ' || i, printf('+1323%07d', 2000000 + i), 1700000000000 + i, 1700000000000 + i FROM n)`)
}

/** The share of each result, in thousandths, and what the provider said with it. */
const results = [
  { upTo: 920, status: 'delivered', code: null },
  { upTo: 950, status: 'sent', code: null },
  { upTo: 968, status: 'undelivered', code: 30003 },
  { upTo: 980, status: 'undelivered', code: 30005 },
  { upTo: 988, status: 'failed', code: 21614 },
  { upTo: 990, status: 'failed', code: 30007 },
  { upTo: 999, status: 'skipped', code: null },
  { upTo: 1000, status: 'unknown', code: null },
]
const bySlice = (value: (result: (typeof results)[number]) => string) =>
  `CASE ${results.map((result) => `WHEN slice < ${result.upTo} THEN ${value(result)}`).join(' ')} END`

/** A few years of a large organisation in a new file at `path`. Answers the id of the largest blast. */
export async function seed(path: string, sizes: SeedSizes, now: number): Promise<number> {
  const file = new D1OnBetterSqlite3(path)
  try {
    await migrate(file as unknown as D1Database, readMigrations())
    await file.exec('PRAGMA synchronous = OFF')
    await insertMembers(file, sizes.members)
    await file.exec(`
      INSERT INTO unsubscribed_contacts (phone, name, source, created_at)
      SELECT phone, name, iif(id % 2, 'inbound', 'staff'), ${now} - id FROM community_members
      ORDER BY id * 7919 % ${sizes.members} LIMIT ${sizes.optOuts}`)
    for (const [index, people] of blastSizes(sizes).entries()) {
      const at = now - (sizes.blasts - index) * dayMs
      await insertBlast(file, index + 1, people, at, (index * 4099) % Math.max(1, sizes.members - people))
    }
    const db = openDatabase(file as unknown as D1Database)
    for (let counted = 0; counted < sizes.blasts; counted += 20) await recountStale({ db })
    return sizes.blasts
  } finally {
    file.close()
  }
}

function blastSizes({ blasts, deliveries, largest }: SeedSizes): number[] {
  const others = blasts - 1
  const rest = deliveries - largest
  return [...Array.from({ length: others }, (_, i) => Math.floor((rest * (i + 1)) / others) - Math.floor((rest * i) / others)), largest]
}

async function insertBlast(file: D1OnBetterSqlite3, id: number, people: number, at: number, from: number): Promise<void> {
  await file.exec(`
    INSERT INTO message_logs (id, status, message_body, target, include_unsubscribe, sender, submission_id, created_by, total_recipients,
      hold_until_at, created_at, started_at, finished_at)
    VALUES (${id}, 'sent', 'Hi {first_name}, evening no. ${id} starts at 7 in the hall. Bring a friend.' || char(10) || 'Reply STOP to unsubscribe',
      'community', 1, '+13236300201', 'bench-${id}', 'bench', ${people}, ${at}, ${at}, ${at}, ${at + people * 3});
    INSERT INTO message_deliveries (log_id, phone, name, status, skip_reason, error_code, claim_token, attempts, attempted_at, needs_person,
      provider_sid, parts, updated_at)
    SELECT ${id}, phone, name, ${bySlice(({ status }) => `'${status}'`)}, iif(slice BETWEEN 990 AND 998, 'opted_out', NULL),
      ${bySlice(({ code }) => String(code))}, printf('%08x-bench-4000-8000-%012x', ${id}, id), 0, ${at}, slice = 999,
      iif(slice < 990, printf('SM%032x', ${id} * 1000000 + id), NULL), 1, ${at} + id
    FROM (SELECT id, name, phone, id * 7919 % 1000 AS slice FROM community_members WHERE id > ${from} LIMIT ${people}) ORDER BY name, phone`)
}
