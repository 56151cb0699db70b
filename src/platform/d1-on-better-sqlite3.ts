import BetterSqlite3 from 'better-sqlite3'

/** D1 binds at most this many parameters to a statement (developers.cloudflare.com/d1/platform/limits). */
const maxParameters = 100
const transactionWords = /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|END)\b/i

type Row = Record<string, unknown>

/**
 * D1's interface over one better-sqlite3 file, so that both hosts share a driver, a type and an atomic `batch()`.
 * Refuses what D1 refuses (transactions by hand, more than 100 parameters), so that tests on Node catch it.
 */
export class D1OnBetterSqlite3 {
  private readonly file: BetterSqlite3.Database
  private readonly lock: { release(): void } | null
  private readonly statements = new Map<string, BetterSqlite3.Statement>()

  /**
   * `source`: a path, `:memory:`, or the bytes of a database, which is then in memory. `lock` is let go of with the file.
   * Throws better-sqlite3's error when the file cannot be opened.
   */
  constructor(source: string | Buffer, lock: { release(): void } | null = null) {
    this.lock = lock
    this.file = new BetterSqlite3(source, { timeout: 5000 })
    this.file.pragma('journal_mode = WAL')
    // An acknowledged claim must survive power loss.
    this.file.pragma('synchronous = FULL')
    this.file.pragma('foreign_keys = ON')
    this.file.pragma('cache_size = -32000')
  }

  prepare(sql: string): Prepared {
    if (transactionWords.test(sql)) throw new Error('D1_ERROR: transactions by hand are not supported; use batch()')
    return new Prepared(this, sql, [])
  }

  async batch(statements: Prepared[]): Promise<D1Result[]> {
    return this.file.transaction(() => statements.map((statement) => statement.execute())).immediate()
  }

  async exec(sql: string): Promise<D1ExecResult> {
    this.file.exec(sql)
    return { count: 1, duration: 0 }
  }

  close(): void {
    this.statements.clear()
    this.file.close()
    this.lock?.release()
  }

  compile(sql: string): BetterSqlite3.Statement {
    const known = this.statements.get(sql)
    if (known) return known
    const statement = this.file.prepare(sql)
    if (this.statements.size > 500) this.statements.clear()
    this.statements.set(sql, statement)
    return statement
  }
}

class Prepared {
  private readonly database: D1OnBetterSqlite3
  private readonly sql: string
  private readonly parameters: unknown[]

  constructor(database: D1OnBetterSqlite3, sql: string, parameters: unknown[]) {
    this.database = database
    this.sql = sql
    this.parameters = parameters
  }

  bind(...values: unknown[]): Prepared {
    if (values.length > maxParameters) throw new Error(`D1_ERROR: too many SQL variables: ${values.length}, at most ${maxParameters}`)
    return new Prepared(this.database, this.sql, values.map(toSqlite))
  }

  async all<T = Row>(): Promise<D1Result<T>> {
    return this.execute() as D1Result<T>
  }

  async run<T = Row>(): Promise<D1Result<T>> {
    return this.execute() as D1Result<T>
  }

  async first<T = unknown>(column?: string): Promise<T | null> {
    const row = (this.execute().results as Row[])[0]
    if (row === undefined) return null
    if (column === undefined) return row as T
    if (!(column in row)) throw new Error(`D1_COLUMN_NOTFOUND: ${column}`)
    return row[column] as T
  }

  async raw<T = unknown[]>(options?: { columnNames?: boolean }): Promise<T[]> {
    const statement = this.database.compile(this.sql)
    if (!statement.reader) {
      statement.run(...this.parameters)
      return []
    }
    const rows = statement.raw(true).all(...this.parameters) as unknown[][]
    const values = rows.map((row) => row.map(fromSqlite))
    if (options?.columnNames) values.unshift(statement.columns().map((column) => column.name))
    return values as T[]
  }

  execute(): D1Result {
    const statement = this.database.compile(this.sql)
    if (statement.reader) {
      const rows = statement.raw(false).all(...this.parameters) as Row[]
      return result(rows.map(fromSqliteRow), statement.readonly ? 0 : rows.length, 0)
    }
    const { changes, lastInsertRowid } = statement.run(...this.parameters)
    return result([], changes, Number(lastInsertRowid))
  }
}

function result(results: Row[], changes: number, lastRowId: number): D1Result {
  const meta = { changes, last_row_id: lastRowId, changed_db: changes > 0, duration: 0, size_after: 0, rows_read: 0, rows_written: changes }
  return { success: true, results, meta }
}

function toSqlite(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === undefined) throw new Error("D1_TYPE_ERROR: Type 'undefined' not supported")
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return value
}

/** D1 returns blobs as arrays of numbers. */
function fromSqlite(value: unknown): unknown {
  return value instanceof Uint8Array ? [...value] : value
}

function fromSqliteRow(row: Row): Row {
  for (const name in row) if (row[name] instanceof Uint8Array) row[name] = fromSqlite(row[name])
  return row
}
