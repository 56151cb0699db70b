import { type Db, openDatabase } from '../../src/db/database'
import { migrate } from '../../src/db/migrate'
import { D1OnBetterSqlite3 } from '../../src/platform/d1-on-better-sqlite3'
import { readMigrations } from '../../src/platform/node-env'
import { type Connection, SimulatedD1 } from './database'

/** One change of a delivery, a blast or a contact, as SQLite made it: read from triggers, so it holds whatever statement made it. */
export type Change = {
  kind: 'delivery' | 'blast' | 'joined' | 'optout' | 'suppressed' | 'deleted'
  id: number
  logId: number
  phone: string
  was: string | null
  became: string
  token: string | null
  sid: string | null
  oldSid: string | null
  code: number | null
  needsPerson: number
  skipReason: string | null
  /** At this instant, in the same transaction. */
  blocked: 'opted_out' | 'suppressed' | null
  blast: string
  testMode: number
}

const columns = 'kind, id, log_id, phone, was, became, token, sid, old_sid, code, needs_person, skip_reason, blocked, blast, test_mode'

const ofDelivery = (kind: string, was: string, oldSid: string) => `
  INSERT INTO changes_seen (${columns}) SELECT '${kind}', NEW.id, NEW.log_id, NEW.phone, ${was}, NEW.status, NEW.claim_token,
    NEW.provider_sid, ${oldSid}, NEW.error_code, NEW.needs_person, NEW.skip_reason,
    CASE WHEN EXISTS (SELECT 1 FROM unsubscribed_contacts WHERE phone = NEW.phone) THEN 'opted_out'
      WHEN EXISTS (SELECT 1 FROM suppressed_contacts WHERE phone = NEW.phone) THEN 'suppressed' END,
    (SELECT status FROM message_logs WHERE id = NEW.log_id), (SELECT test_mode FROM message_logs WHERE id = NEW.log_id);`

const witness = `
  CREATE TEMP TABLE changes_seen (${columns});
  CREATE TEMP TRIGGER saw_delivery AFTER UPDATE ON main.message_deliveries
    WHEN OLD.status <> NEW.status OR OLD.claim_token IS NOT NEW.claim_token OR OLD.provider_sid IS NOT NEW.provider_sid
      OR OLD.needs_person <> NEW.needs_person
    BEGIN ${ofDelivery('delivery', 'OLD.status', 'OLD.provider_sid')} END;
  CREATE TEMP TRIGGER saw_recipient AFTER INSERT ON main.message_deliveries BEGIN ${ofDelivery('joined', 'NULL', 'NULL')} END;
  CREATE TEMP TRIGGER saw_blast AFTER UPDATE ON main.message_logs WHEN OLD.status <> NEW.status
    BEGIN INSERT INTO changes_seen (kind, id, was, became, code) VALUES ('blast', NEW.id, OLD.status, NEW.status, NEW.pause_code); END;
  CREATE TEMP TRIGGER saw_opt_out AFTER INSERT ON main.unsubscribed_contacts
    BEGIN INSERT INTO changes_seen (kind, id, phone, became) VALUES ('optout', NEW.id, NEW.phone, NEW.source); END;
  CREATE TEMP TRIGGER saw_suppression AFTER INSERT ON main.suppressed_contacts
    BEGIN INSERT INTO changes_seen (kind, id, phone, became, code) VALUES ('suppressed', NEW.id, NEW.phone, NEW.source, NEW.error_code); END;
  CREATE TEMP TRIGGER saw_member AFTER DELETE ON main.community_members
    BEGIN INSERT INTO changes_seen (kind, id, phone, became) VALUES ('deleted', OLD.id, OLD.phone, 'a member'); END;
  CREATE TEMP TRIGGER saw_delivery_go AFTER DELETE ON main.message_deliveries
    BEGIN INSERT INTO changes_seen (kind, id, phone, became) VALUES ('deleted', OLD.id, OLD.phone, 'a delivery'); END;`

/** A real SQLite database with every migration, and a witness of every change. Each simulation begins with it empty, and leaves it so. */
export class Ground {
  readonly file: D1OnBetterSqlite3

  private readonly connections = new Map<string, { d1: SimulatedD1; db: Db }>()

  private constructor(file: D1OnBetterSqlite3) {
    this.file = file
  }

  /** A driver costs a tenth of a simulation to build, so each simulation takes over those of the one before. */
  connect(context: Connection): Db {
    const key = `${context.server.name} ${context.errand}`
    const known = this.connections.get(key)
    if (known) {
      known.d1.context = context
      return known.db
    }
    const d1 = new SimulatedD1(context)
    const db = openDatabase(d1 as unknown as D1Database)
    this.connections.set(key, { d1, db })
    return db
  }

  static async open(): Promise<Ground> {
    const file = new D1OnBetterSqlite3(':memory:')
    await migrate(file as unknown as D1Database, readMigrations())
    await file.exec(witness)
    return new Ground(file)
  }

  /** Everything from here to `wipe` is undone at once: a savepoint costs microseconds, a new database milliseconds. */
  begin(): void {
    this.file.exec('BEGIN')
  }

  wipe(): void {
    this.file.exec('ROLLBACK')
  }

  rows<Row>(sql: string, ...parameters: unknown[]): Row[] {
    return this.file.compile(sql).all(...parameters) as Row[]
  }

  run(sql: string, ...parameters: unknown[]): void {
    this.file.compile(sql).run(...parameters)
  }

  /** What happened since the last look. */
  takeChanges(): Change[] {
    const changes = this.rows<Change>(takeSql)
    if (changes.length > 0) this.run('DELETE FROM temp.changes_seen')
    return changes
  }
}

const takeSql = `SELECT kind, id, log_id AS "logId", phone, was, became, token, sid, old_sid AS "oldSid", code, needs_person AS "needsPerson",
  skip_reason AS "skipReason", blocked, blast, test_mode AS "testMode" FROM temp.changes_seen ORDER BY rowid`
