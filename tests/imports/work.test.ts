import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { leaseMs } from '../../src/imports/lease'
import { pruneImports } from '../../src/imports/prune'
import { resumeImports, runImport } from '../../src/imports/work'
import { createImporting, type Importing, manyRows } from './importing'

const rowCount = 3000

async function uploaded() {
  const t = await createImporting()
  const path = (await t.upload(manyRows(rowCount))).headers.get('location')
  return { ...t, id: Number(path?.split('/').at(-1)) }
}

/** Goes on until nothing is open, each worker dying after `steps` turns; how many died. */
async function workWithDeaths(t: Importing, id: number, steps: number): Promise<number> {
  for (let deaths = 0; deaths < 100; deaths++) {
    let left = steps
    const mortal = {
      ...t.deps,
      sleep: async () => {
        if (--left < 0) throw new Error('power cut')
      },
    }
    t.nudges.length = 0
    try {
      await runImport(mortal, id)
      return deaths
    } catch (fault) {
      expect(fault).toMatchObject({ message: 'power cut' })
    }
    t.clock.now += leaseMs
    await resumeImports(t.deps)
    expect(t.nudges.map(({ job }) => job)).toEqual([{ type: 'import', importId: id }])
  }
  throw new Error('it never ended')
}

describe('a worker that dies', () => {
  it.each([0, 1, 2])('after %i turns is followed by one that goes on, and the totals are exact', async (steps) => {
    const t = await uploaded()
    // A chunk of 800 rows takes four turns: nobody gets through one with fewer.
    expect(await workWithDeaths(t, t.id, Math.max(steps, 4))).toBeGreaterThan(0)
    expect(await t.found(t.id)).toMatchObject({ status: 'previewed', totalRows: rowCount, doneRows: rowCount, counts: { new: rowCount } })
    expect(await t.rows(t.id)).toHaveLength(rowCount)

    await t.admin.post(`/imports/${t.id}/commit`)
    expect(await workWithDeaths(t, t.id, steps)).toBeGreaterThan(0)
    expect(await t.found(t.id)).toMatchObject({ status: 'committed', doneRows: rowCount, counts: { created: rowCount, renamed: 0 } })
    expect(await t.members()).toHaveLength(rowCount)

    await t.admin.post(`/imports/${t.id}/undo`)
    expect(await workWithDeaths(t, t.id, steps)).toBeGreaterThan(0)
    expect(await t.found(t.id)).toMatchObject({ status: 'undone', doneRows: rowCount, counts: { removed: rowCount, restored: 0 } })
    expect(await t.members()).toEqual([])
  })
})

describe('two workers', () => {
  it('started at once: one works, the other leaves', async () => {
    const t = await uploaded()
    await Promise.all([runImport(t.deps, t.id), runImport(t.deps, t.id)])
    expect(await t.found(t.id)).toMatchObject({ status: 'previewed', doneRows: rowCount, counts: { new: rowCount } })
  })

  it.each(['commit', 'undo'])('a %s: the one whose lease lapsed writes nothing more', async (act) => {
    const t = await uploaded()
    await t.work()
    await t.admin.post(`/imports/${t.id}/commit`)
    if (act === 'undo') {
      await t.work()
      await t.admin.post(`/imports/${t.id}/undo`)
    }
    t.nudges.length = 0
    let turns = 0
    const slow = {
      ...t.deps,
      sleep: async () => {
        if (++turns !== 1) return
        t.clock.now += leaseMs
        await runImport(t.deps, t.id)
      },
    }
    await runImport(slow, t.id)
    expect(t.logged).toContainEqual({ event: 'import lease lost', fields: { importId: t.id } })
    const { counts, doneRows } = await t.found(t.id)
    expect(doneRows).toBe(rowCount)
    expect(act === 'undo' ? counts.removed : counts.created).toBe(rowCount)
    expect(await t.deps.db.all(sql`SELECT DISTINCT applied, prior_name FROM import_rows`)).toEqual([
      { applied: 'created', prior_name: null },
    ])
  })

  it('reading: the one whose lease lapsed in the middle of a chunk writes nothing more', async () => {
    const t = await uploaded()
    let turns = 0
    const slow = {
      ...t.deps,
      sleep: async () => {
        if (++turns !== 2) return
        t.clock.now += leaseMs
        await runImport(t.deps, t.id)
      },
    }
    await runImport(slow, t.id)
    expect(t.logged).toContainEqual({ event: 'import lease lost', fields: { importId: t.id } })
    expect(await t.found(t.id)).toMatchObject({ status: 'previewed', doneRows: rowCount, counts: { new: rowCount } })
    expect(await t.rows(t.id)).toHaveLength(rowCount)
  })
})

describe('a run', () => {
  it('does no more than its budget, and nudges the next one', async () => {
    const t = await uploaded()
    const budget = { ...t.deps.budget, rowsPerRun: 900 }
    t.nudges.length = 0
    await runImport({ ...t.deps, budget }, t.id)
    const { doneRows, status } = await t.found(t.id)
    expect(status).toBe('reading')
    expect(doneRows).toBeGreaterThanOrEqual(900)
    expect(doneRows).toBeLessThan(900 + 800)
    expect(t.nudges.map(({ job }) => job)).toEqual([{ type: 'import', importId: t.id }])
    await t.work()
    expect((await t.found(t.id)).status).toBe('previewed')
  })

  it('fits 40 queries into a Worker budget of 4,000 rows', async () => {
    const t = await createImporting()
    const id = await t.preview(manyRows(6000))
    for (const act of ['commit', 'undo']) {
      await t.admin.post(`/imports/${id}/${act}`)
      t.nudges.length = 0
      const counter = countQueries(t.d1)
      await runImport({ ...t.deps, budget: { ...t.deps.budget, rowsPerRun: 4000 } }, id)
      expect(counter.stop()).toBeLessThanOrEqual(40)
      await t.work()
    }
  })

  it('stops when the process is asked to end, and leaves the import to the next one at once', async () => {
    const t = await uploaded()
    await runImport({ ...t.deps, stopping: () => true }, t.id)
    expect((await t.found(t.id)).status).toBe('reading')
    await t.work()
    expect((await t.found(t.id)).status).toBe('previewed')
  })

  it('gives up an upload that broke off before the whole file was here', async () => {
    const t = await uploaded()
    await t.deps.db.run(sql`UPDATE imports SET total_rows = 0, lease_token = 'dead', lease_until_at = ${t.clock.now + 1}`)
    await t.work()
    expect((await t.found(t.id)).status).toBe('reading')
    t.clock.now += 1
    await resumeImports(t.deps)
    await t.work()
    expect((await t.found(t.id)).status).toBe('failed')
    expect(await t.admin.text(`/imports/${t.id}`)).toContain('The upload broke off')
    await pruneImports(t.deps)
    expect(await kept(t)).toEqual({ rows: 0, chunks: 0 })
  })
})

const kept = async (t: Importing) =>
  (await t.deps.db.all(sql`SELECT (SELECT count(*) FROM import_rows) AS rows, (SELECT count(*) FROM import_chunks) AS chunks`))[0]

describe('uploaded rows', () => {
  it('are deleted after 7 days without a commit', async () => {
    const t = await uploaded()
    await t.work()
    t.clock.now += 7 * 86_400_000 - 1
    await pruneImports(t.deps)
    expect(await kept(t)).toEqual({ rows: rowCount, chunks: 0 })
    t.clock.now += 1
    await pruneImports(t.deps)
    expect(await kept(t)).toEqual({ rows: 0, chunks: 0 })
    const later = await t.signIn('admin')
    expect(await later.text(`/imports/${t.id}`)).toContain('Nobody imported this file within 7 days')
    expect((await later.post(`/imports/${t.id}/commit`)).status).toBe(409)
  })

  it('are kept for 30 days after a commit, and the sum after that', async () => {
    const t = await uploaded()
    await t.work()
    await t.commit(t.id)
    t.clock.now += 30 * 86_400_000 - 1
    await pruneImports(t.deps)
    expect(await kept(t)).toEqual({ rows: rowCount, chunks: 0 })
    t.clock.now += 1
    await pruneImports(t.deps)
    expect(await kept(t)).toEqual({ rows: 0, chunks: 0 })
    expect(await t.members()).toHaveLength(rowCount)
    expect(await (await t.signIn('admin')).text(`/imports/${t.id}`)).toContain('3,000 rows imported.')
  })
})

/** Statements given to D1, each of a batch for itself. */
function countQueries(d1: D1Database) {
  const { prepare } = d1
  let n = 0
  d1.prepare = (query: string) => {
    n++
    return prepare.call(d1, query)
  }
  return {
    stop: () => {
      d1.prepare = prepare
      return n
    },
  }
}
