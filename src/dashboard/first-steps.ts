import { sql } from 'drizzle-orm'
import type { AudienceChoices } from '../compose/choices'
import type { DeliveryStatus } from '../db/schema'
import type { Deps } from '../deps'

/** How far a new office is on its way to a first blast, as seen by what happened, not by what is set. */
export type FirstSteps = {
  /** A real provider: texts leave the machine. */
  real: boolean
  sender: string
  /** The provider has taken a text from this sender. */
  taken: boolean
  /** The provider has told what became of one. */
  told: boolean
  tested: boolean
  /** Where a test goes is set. */
  canTest: boolean
  people: boolean
}

/** An office that has sent so many with this sender needs no list. */
const beginnersBlasts = 50

const taken: readonly DeliveryStatus[] = ['accepted', 'sent', 'delivered', 'undelivered']
const told: readonly DeliveryStatus[] = ['sent', 'delivered', 'undelivered']

type Row = { blasts: number; taken: number; told: number; tested: number }

/** Null once all is done. Of a sender that was changed the steps begin anew: nothing is known of the new one. */
export async function readFirstSteps(
  { db, sms, config }: Pick<Deps, 'db' | 'sms' | 'config'>,
  choices: Promise<Pick<AudienceChoices, 'members' | 'ahead'>>,
): Promise<FirstSteps | null> {
  const some = (statuses: readonly DeliveryStatus[], which = sql`1`) => sql`EXISTS (SELECT 1 FROM own
    CROSS JOIN message_deliveries d ON d.log_id = own.id AND d.status IN (SELECT value FROM json_each(${JSON.stringify(statuses)}))
    WHERE ${which})`
  const asked = db.get<Row>(sql`
    WITH own AS (SELECT id, test_mode FROM message_logs WHERE sender = ${sms.sender} ORDER BY id LIMIT ${beginnersBlasts + 1})
    SELECT (SELECT count(*) FROM own) AS blasts, ${some(taken)} AS taken, ${some(told)} AS told,
      ${some(taken, sql`own.test_mode = 1`)} AS tested`)
  const [row, { members, ahead }] = await Promise.all([asked, choices])
  if (!row || row.blasts > beginnersBlasts) return null
  const real = sms.name === 'twilio'
  const steps = {
    real,
    taken: row.taken === 1,
    told: row.told === 1,
    tested: row.tested === 1,
    people: members.all > 0 || ahead.guests > 0,
  }
  if (Object.values(steps).every(Boolean)) return null
  return { ...steps, sender: sms.sender, canTest: config.adminTestPhone !== '' }
}
