import { beforeEach, describe, expect, it } from 'vitest'
import { openTestDatabase } from '#host'

/* What the app relies on of a database: the same tests run against the adapter on Node and against D1 in workerd. */
let db: D1Database

beforeEach(async () => {
  db = await openTestDatabase()
  await db.prepare('DROP TABLE IF EXISTS contract').run()
  await db.prepare('CREATE TABLE contract (id INTEGER PRIMARY KEY, word TEXT UNIQUE, amount REAL, bytes BLOB)').run()
})

describe('values', () => {
  it('keep their types: text, whole and broken numbers, null', async () => {
    const row = await db
      .prepare('SELECT ? AS text, ? AS whole, ? AS broken, ? AS missing')
      .bind('ç', 2 ** 40, 0.5, null)
      .first()
    expect(row).toEqual({ text: 'ç', whole: 2 ** 40, broken: 0.5, missing: null })
  })

  it('booleans become 1 and 0', async () => {
    expect(await db.prepare('SELECT ? AS yes, ? AS no').bind(true, false).first()).toEqual({ yes: 1, no: 0 })
  })

  it('blobs go in as bytes and come out as an array of numbers', async () => {
    await db
      .prepare('INSERT INTO contract (bytes) VALUES (?)')
      .bind(new Uint8Array([0, 255, 7]))
      .run()
    expect(await db.prepare('SELECT bytes FROM contract').first('bytes')).toEqual([0, 255, 7])
    expect(await db.prepare('SELECT bytes FROM contract').raw()).toEqual([[[0, 255, 7]]])
  })

  it('undefined is refused', async () => {
    const attempt = async () => db.prepare('SELECT ? AS x').bind(undefined).first()
    await expect(attempt()).rejects.toThrow(/undefined/)
  })
})

describe('statements', () => {
  it('first answers null without a row, all an empty list', async () => {
    expect(await db.prepare('SELECT * FROM contract').first()).toBeNull()
    expect((await db.prepare('SELECT * FROM contract').all()).results).toEqual([])
  })

  it('count the rows they changed', async () => {
    const inserted = await db.prepare("INSERT INTO contract (word) VALUES ('a'), ('b'), ('c')").run()
    expect(inserted.meta.changes).toBe(3)
    expect((await db.prepare("UPDATE contract SET amount = 1 WHERE word IN ('a', 'b')").run()).meta.changes).toBe(2)
    expect((await db.prepare("UPDATE contract SET amount = 1 WHERE word = 'z'").run()).meta.changes).toBe(0)
    const returned = await db.prepare("UPDATE contract SET amount = 2 WHERE word <> 'c' RETURNING word").all()
    expect(returned.meta.changes).toBe(2)
    expect(returned.results).toHaveLength(2)
  })

  it('name a violated UNIQUE', async () => {
    await db.prepare("INSERT INTO contract (word) VALUES ('a')").run()
    await expect(db.prepare("INSERT INTO contract (word) VALUES ('a')").run()).rejects.toThrow('UNIQUE constraint failed: contract.word')
  })

  it('take 100 parameters and refuse 101', async () => {
    const select = (n: number) => db.prepare(`SELECT max(${Array.from({ length: n }, () => '?').join(', ')}) AS sum`)
    expect(
      await select(100)
        .bind(...Array(100).fill(1))
        .first('sum'),
    ).toBe(1)
    const attempt = async () =>
      select(101)
        .bind(...Array(101).fill(1))
        .first()
    await expect(attempt()).rejects.toThrow(/too many SQL variables/)
  })

  it.each(['BEGIN', 'begin immediate', 'SAVEPOINT x', 'COMMIT', 'ROLLBACK'])('refuse %s', async (sql) => {
    const attempt = async () => db.prepare(sql).run()
    await expect(attempt()).rejects.toThrow()
  })

  it('read 20,000 rows from one JSON parameter', async () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `word ${i}`)
    const insert = db.prepare('INSERT INTO contract (word) SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING')
    expect((await insert.bind(JSON.stringify(words)).run()).meta.changes).toBe(20_000)
    expect(await db.prepare('SELECT count(*) AS n FROM contract').first('n')).toBe(20_000)
  })
})

describe('batch', () => {
  it('answers in the order of its statements', async () => {
    const [inserted, one, two] = await db.batch<{ word: string }>([
      db.prepare("INSERT INTO contract (word) VALUES ('b'), ('a')"),
      db.prepare('SELECT word FROM contract ORDER BY word'),
      db.prepare('SELECT word FROM contract ORDER BY word DESC LIMIT 1'),
    ])
    expect(inserted?.meta.changes).toBe(2)
    expect(one?.results.map((row) => row.word)).toEqual(['a', 'b'])
    expect(two?.results).toEqual([{ word: 'b' }])
  })

  it('is all or nothing', async () => {
    const failing = db.batch([
      db.prepare("INSERT INTO contract (word) VALUES ('kept?')"),
      db.prepare("INSERT INTO contract (word) VALUES ('kept?')"),
    ])
    await expect(failing).rejects.toThrow(/UNIQUE/)
    expect(await db.prepare('SELECT count(*) AS n FROM contract').first('n')).toBe(0)
  })

  it('sees changes() of the statement before', async () => {
    const [, counted] = await db.batch<{ n: number }>([
      db.prepare("INSERT INTO contract (word) VALUES ('a'), ('b')"),
      db.prepare('SELECT changes() AS n'),
    ])
    expect(counted?.results[0]?.n).toBe(2)
  })

  it('enforces foreign keys', async () => {
    await expect(
      db.prepare("INSERT INTO event_registrations (event_id, phone, created_at, updated_at) VALUES (999, '+1', 0, 0)").run(),
    ).rejects.toThrow(/FOREIGN KEY/)
  })
})
