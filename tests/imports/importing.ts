import { sql } from 'drizzle-orm'
import { findImport } from '../../src/imports/imports'
import { runJob } from '../../src/jobs'
import { createHarness, type Harness, origin } from '../support/harness'

type Browser = Awaited<ReturnType<Harness['signIn']>>
export type MemberInDb = { name: string; phone: string }

/** The app with an admin signed in, and what a test of imports does again and again. */
export async function createImporting() {
  const h = await createHarness()
  const admin = await h.signIn('admin', 'rosa')
  h.nudges.length = 0

  async function upload(content: string | Uint8Array<ArrayBuffer>, { browser = admin, filename = 'list.csv' } = {}) {
    const body = new FormData()
    body.set('file', new File([content], filename, { type: 'text/csv' }))
    return browser.request('/community/import', { method: 'POST', body, headers: { origin } })
  }

  /** Runs nudges until none is left. */
  async function work() {
    for (let nudge = h.nudges.shift(); nudge; nudge = h.nudges.shift()) await runJob(h.deps, nudge.job)
  }

  /** A file up to its preview; its id. */
  async function preview(content: string, options?: { browser?: Browser; filename?: string }): Promise<number> {
    const answer = await upload(content, options)
    if (answer.status !== 303) throw new Error(`upload answered ${answer.status}`)
    await work()
    return Number(answer.headers.get('location')?.split('/').at(-1))
  }

  async function commit(id: number) {
    const answer = await admin.post(`/imports/${id}/commit`)
    await work()
    return answer
  }

  async function undo(id: number) {
    const answer = await admin.post(`/imports/${id}/undo`)
    await work()
    return answer
  }

  const members = () => h.deps.db.all<MemberInDb>(sql`SELECT name, phone FROM community_members ORDER BY phone`)
  const rows = (id: number) =>
    h.deps.db.all<{ row: number; kind: string; name: string; phone: string | null; reason: string }>(
      sql`SELECT row_number AS row, kind, name, phone, reason FROM import_rows WHERE import_id = ${id} ORDER BY row_number`,
    )
  const found = (id: number) => findImport(h.deps, id)
  const addMember = (name: string, phone: string) =>
    h.deps.db.run(sql`INSERT INTO community_members (name, phone, created_at, updated_at) VALUES (${name}, ${phone}, 1, 1)`)
  const optOut = (phone: string) =>
    h.deps.db.run(sql`INSERT INTO unsubscribed_contacts (phone, source, created_at) VALUES (${phone}, 'inbound', 1)`)

  return { ...h, admin, upload, work, preview, commit, undo, members, rows, found, addMember, optOut }
}

export type Importing = Awaited<ReturnType<typeof createImporting>>

/** `count` people with phones of their own. */
export const manyRows = (count: number): string =>
  ['Name,Phone', ...Array.from({ length: count }, (_, index) => `Person ${index},${2_132_000_000 + index}`)].join('\n')
