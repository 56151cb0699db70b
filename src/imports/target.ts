import type { SQL } from 'drizzle-orm'
import type { Import } from './imports'

/** Whose import it is, and of which event where it is of one. */
export type Owner = Pick<Import, 'id' | 'eventId' | 'createdBy' | 'columns'>

/**
 * Where a kind of import writes, as SQL for the steps of read.ts and store.ts.
 * `x` is a row of the file with `name` and `phone`; `t` is whom it is about, where they are there already; `o` their opt-out.
 * `range` picks the rows `x` of `import_rows` that a batch writes, and none once the lease is lost.
 */
export type Target = {
  /** `LEFT JOIN <table> t ON …` */
  join(owner: Owner): SQL
  /** The kind of a row whose phone is good and first in its file. */
  kindOf: SQL
  /** Why a row is left out though its phone is good; null: it is not. */
  refuses?(columns: Import['columns'], cells: readonly string[]): { reason: string; fix: string } | null
  /** What a commit does to the row: `created`, `renamed` or `kept`. */
  applies: SQL
  /** Writes rows whose `applied` and `prior_name` are recorded already. */
  commit(owner: Owner, range: SQL, now: number): SQL[]
  /** Takes back what nobody has edited since. The two counts are taken before the statements run. */
  undo(owner: Owner, range: SQL, now: number): { removable: SQL; restorable: SQL; statements: SQL[] }
}
