import { sql } from 'drizzle-orm'
import { atomically } from '../db/database'
import type { Deps } from '../deps'
import { uncommittedDays, uncommittedMs, undoMs } from './imports'

/** Rows deleted in one statement: on a server nobody else is answered meanwhile. */
const sliceRows = 2000

type Base = Pick<Deps, 'db' | 'now' | 'sleep' | 'budget' | 'stopping'>

/** Deletes uploaded rows that nobody needs any more: of uploads never committed, and of imports too old to undo. Their sums stay. */
export async function pruneImports(deps: Base): Promise<void> {
  await expirePreviews(deps)
  let left = deps.budget.rowsPerRun
  for (const importId of await listPrunable(deps)) {
    for (;;) {
      if (left <= 0 || deps.stopping()) return
      const gone = await deleteSlice(deps, importId)
      if (gone === 0) break
      left -= gone
      await deps.sleep(0)
    }
  }
}

async function expirePreviews({ db, now }: Pick<Base, 'db' | 'now'>): Promise<void> {
  const fault = `Nobody imported this file within ${uncommittedDays} days, so its rows were deleted. Upload it again.`
  await db.run(sql`
    UPDATE imports SET status = 'failed', fault = ${fault}, finished_at = ${now()}
    WHERE status = 'previewed' AND created_at <= ${now() - uncommittedMs}`)
}

async function listPrunable({ db, now }: Pick<Base, 'db' | 'now'>): Promise<number[]> {
  const rows = await db.all<{ id: number }>(sql`
    SELECT i.id FROM imports i
    WHERE (i.status = 'failed' OR (i.status IN ('committed', 'undone') AND i.committed_at <= ${now() - undoMs}))
      AND (EXISTS (SELECT 1 FROM import_rows WHERE import_id = i.id) OR EXISTS (SELECT 1 FROM import_chunks WHERE import_id = i.id))`)
  return rows.map(({ id }) => id)
}

async function deleteSlice({ db }: Pick<Base, 'db'>, importId: number): Promise<number> {
  const gone = await atomically(db, [
    sql`DELETE FROM import_rows WHERE rowid IN (SELECT rowid FROM import_rows WHERE import_id = ${importId} LIMIT ${sliceRows})`,
    sql`DELETE FROM import_chunks WHERE import_id = ${importId}`,
  ])
  return gone.reduce((sum, { changes }) => sum + changes, 0)
}
