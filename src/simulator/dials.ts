import { sql } from 'drizzle-orm'
import * as z from 'zod'
import type { Db } from '../db/database'

const percent = z.number().min(0).max(100)

const schema = z.object({
  preset: z.string().default('normal'),
  /** For each request, there and back; a quarter more or less by chance. */
  latencyMs: z.number().min(0).max(60_000).default(80),
  /** Shares of requests, in per cent; together at most 100. */
  unreachable: percent.default(0),
  lostBefore: percent.default(0),
  lostAfter: percent.default(0),
  serverErrors: percent.default(0),
  /** Share of accepted texts that no handset gets. */
  undeliverable: percent.default(0),
  /** UTC ms; every request until then is answered 429. */
  busyUntil: z.number().default(0),
  refusesSender: z.boolean().default(false),
  /** From acceptance to the last receipt. */
  receiptDelaySeconds: z.number().min(0).max(3600).default(2),
  receipts: z.enum(['in_order', 'shuffled', 'none']).default('in_order'),
  doubled: z.boolean().default(false),
})

/** What the simulated provider does next. */
export type Dials = z.infer<typeof schema>

export const defaultDials: Dials = schema.parse({})

/** `stored` as `readStoredDials` gave it; what cannot be read counts as never set. */
export function parseDials(stored: string): Dials {
  if (stored === '') return defaultDials
  return schema.safeParse(JSON.parse(stored)).data ?? defaultDials
}

/** The dials as they stand in the database; empty when they were never set. */
export async function readStoredDials(db: Db): Promise<string> {
  const row = await db.get<{ dials: string } | undefined>(sql`SELECT dials FROM simulator_dials WHERE id = 1`)
  return row?.dials ?? ''
}

export async function readDials(db: Db): Promise<Dials> {
  return parseDials(await readStoredDials(db))
}

/** Takes effect with the next request, in every process. */
export async function saveDials(db: Db, dials: Partial<Dials>): Promise<void> {
  const stored = JSON.stringify({ ...defaultDials, ...dials })
  await db.run(sql`INSERT INTO simulator_dials (id, dials) VALUES (1, ${stored}) ON CONFLICT (id) DO UPDATE SET dials = excluded.dials`)
}
