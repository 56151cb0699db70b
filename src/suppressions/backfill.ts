import { type SQL, sql } from 'drizzle-orm'
import { lastGivenBack } from '../consents/consents'
import type { Db } from '../db/database'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import { codesOf, explain } from '../sms/outcome'
import { onOptedOutAlready } from './opt-outs'
import type { BlockKind } from './queries'

export type Missing = { phone: string; name: string; reason: string; errorCode: number; logId: number; failedAt: number }
/** What past deliveries ask for and the lists lack; `rows` is the beginning of it. */
export type MissingBlocks = { total: number; rows: Missing[] }

const missDays = 3
/** Not a parameter, which would be a fraction and divide into one. */
const dayMs = sql.raw('86400000')
const missCodes = codesOf('suppress_after_n')
const permanentCodes = codesOf('suppress_permanent')
const codes: Record<BlockKind, readonly number[]> = {
  opt_out: codesOf('opted_out'),
  suppression: [...permanentCodes, ...missCodes],
}
const inJson = (values: readonly number[]): SQL => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`

/**
 * The blocks that failures of the past ask for by the rules of sending (deliveries/record.ts), and that are not there. A failure from before
 * a START, or before staff lifted the block, asks for nothing. CROSS JOIN has SQLite read each blast's failures by index and nothing else.
 */
function missing(kind: BlockKind): SQL {
  const table = sql.raw(kind === 'opt_out' ? 'unsubscribed_contacts' : 'suppressed_contacts')
  const givenBack = kind === 'opt_out' ? 'opted_in' : 'lifted'
  const permanent = kind === 'opt_out' ? sql`1` : sql`d.error_code IN ${inJson(permanentCodes)}`
  // Bare columns come from the row of the one max(): the newest failure that suffices by itself, or else the newest.
  return sql`
    SELECT d.phone, d.name, d.error_code, d.log_id, d.updated_at AS failed_at, max((${permanent}) * 1000000000000000 + d.updated_at) AS newest
    FROM message_logs l CROSS JOIN message_deliveries d ON d.log_id = l.id AND d.status IN ('failed', 'undelivered')
    WHERE d.error_code IN ${inJson(codes[kind])} AND d.phone NOT IN (SELECT phone FROM ${table})
      AND d.updated_at > ${lastGivenBack(givenBack, sql`d.phone`)}
    GROUP BY d.phone
    HAVING sum(${permanent}) > 0 OR count(DISTINCT d.updated_at / ${dayMs}) >= ${missDays}`
}

/** What a backfill would store now. */
export async function findMissing(db: Db, kind: BlockKind, limit: number): Promise<MissingBlocks> {
  const rows = await db.all<Omit<Missing, 'reason'> & { total: number }>(sql`
    SELECT phone, name, error_code AS "errorCode", log_id AS "logId", failed_at AS "failedAt", count(*) OVER () AS total
    FROM (${missing(kind)}) ORDER BY name = '', name COLLATE NOCASE, phone LIMIT ${limit}`)
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map(({ total: _, ...row }) => ({ ...row, reason: explain(row.errorCode).title })),
  }
}

/** Stores what is missing. Twice changes nothing more. */
export async function backfill({ db, now }: Pick<Deps, 'db' | 'now'>, by: string): Promise<Record<BlockKind, number>> {
  const titles = JSON.stringify(Object.fromEntries(codes.suppression.map((code) => [code, explain(code).title])))
  const [optOuts, suppressed] = await atomically(db, [
    sql`
      INSERT INTO unsubscribed_contacts (phone, name, reason, source, log_id, created_by, created_at)
      SELECT phone, name, 'Had replied STOP to our number', 'message_failure', log_id, ${by}, ${now()} FROM (${missing('opt_out')}) WHERE true
      ${onOptedOutAlready} RETURNING 1`,
    sql`
      INSERT INTO suppressed_contacts (phone, name, category, reason, error_code, source, log_id, created_at)
      SELECT phone, name, 'hard_fail', ${titles} ->> ('$."' || error_code || '"'), error_code, 'message_failure', log_id, ${now()}
      FROM (${missing('suppression')}) WHERE true ON CONFLICT (phone) DO NOTHING RETURNING 1`,
  ])
  // D1 counts what triggers change, too.
  return { opt_out: optOuts?.rows.length ?? 0, suppression: suppressed?.rows.length ?? 0 }
}
