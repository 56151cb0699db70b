import { type SQL, sql } from 'drizzle-orm'
import { partsWithoutName } from '../blasts/results'
import type { Db } from '../db/database'
import { withStopLine } from '../sms/text'
import type { ListingPage, ListingState } from '../web/listing'
import { matchesTitle } from '../web/search'

export const templateSorts = ['name', 'last_used_at', 'updated_at'] as const
export type TemplateSort = (typeof templateSorts)[number]

export type TemplateRow = {
  id: number
  name: string
  messageBody: string
  /** With the STOP line, for somebody without a name; null for a text that no longer can be read. */
  parts: number | null
  lastUsedAt: number | null
  lastUsedBy: string
  updatedAt: number
  updatedBy: string
}

/** Each from an index. What was never used stands below all that was. */
const order: Record<TemplateSort, Record<'asc' | 'desc', SQL>> = {
  name: { asc: sql.raw('t.name_key'), desc: sql.raw('t.name_key DESC') },
  last_used_at: { asc: sql.raw('t.last_used_at, t.id'), desc: sql.raw('t.last_used_at DESC, t.id DESC') },
  updated_at: { asc: sql.raw('t.updated_at, t.id'), desc: sql.raw('t.updated_at DESC, t.id DESC') },
}

const t = { id: sql.raw('t.id'), title: sql.raw("(t.name || ' ' || t.message_body)") }

/** The page is cut from an index before its texts are read. */
export async function listTemplates(db: Db, state: ListingState<TemplateSort>): Promise<ListingPage<TemplateRow>> {
  const where = state.search === '' ? sql`1` : matchesTitle(state.search, 'message_templates_fts', t)
  const by = order[state.sort][state.dir]
  const offset = (state.page - 1) * state.pageSize
  const [rows, total] = await Promise.all([
    db.all<Omit<TemplateRow, 'parts'>>(sql`
      SELECT t.id, t.name, t.message_body AS "messageBody", t.last_used_at AS "lastUsedAt", t.last_used_by AS "lastUsedBy",
        t.updated_at AS "updatedAt", t.updated_by AS "updatedBy"
      FROM (SELECT t.id AS picked FROM message_templates t WHERE ${where} ORDER BY ${by} LIMIT ${state.pageSize} OFFSET ${offset})
      CROSS JOIN message_templates t ON t.id = picked
      ORDER BY ${by}`),
    db.get<{ n: number }>(sql`SELECT count(*) AS n FROM message_templates t WHERE ${where}`),
  ])
  return { rows: rows.map((row) => ({ ...row, parts: partsOfTemplate(row.messageBody) })), total: total?.n ?? 0 }
}

/** As it goes out when nothing is changed: with the STOP line, which a fresh form has ticked. */
export const partsOfTemplate = (messageBody: string): number | null => partsWithoutName(withStopLine(messageBody))

export async function countTemplates(db: Db): Promise<number> {
  const row = await db.get<{ n: number }>(sql`SELECT count(*) AS n FROM message_templates`)
  return row?.n ?? 0
}

export type TemplateChoice = { id: number; name: string }

const mostChoices = 200

/** For the picker, by name: those used last, should there be more than anybody scrolls through. */
export async function readTemplateChoices(db: Db): Promise<TemplateChoice[]> {
  return db.all<TemplateChoice>(sql`
    SELECT id, name FROM (SELECT id, name, name_key FROM message_templates ORDER BY last_used_at DESC, id DESC LIMIT ${mostChoices})
    ORDER BY name_key`)
}
