import { type Context, Hono } from 'hono'
import { type AuditEntry, AuditPage } from '../../templates/audit/list'
import { audit } from '../web/audit'
import { csvDownload } from '../web/csv-download'
import type { AppEnv } from '../web/env'
import type { FormState } from '../web/form'
import { page } from '../web/page'
import { readAuditListing } from './form'
import { type AuditList, type AuditState, listAudit, listUsernames, pagesOfAudit } from './queries'
import { readSubjects } from './subjects'
import { auditTypeNames, auditTypes, auditWords } from './types'

/** `/security`: the audit trail. */
export const auditRoutes = new Hono<AppEnv>()

auditRoutes.get('/events', (c) => auditPage(c, readAuditListing(c, c.var.deps.config.timeZone)))

auditRoutes.get('/events/export', async (c) => {
  const { deps } = c.var
  const asked = readAuditListing(c, deps.config.timeZone)
  if (Object.keys(asked.form.faults).length > 0) return auditPage(c, asked)
  await audit(c, 'audit_exported')
  async function* rows() {
    for await (const events of pagesOfAudit(deps.db, asked.state))
      yield events.map((e) => [new Date(e.createdAt).toISOString(), e.username, e.type, e.outcome, e.subject, e.address])
  }
  return csvDownload(c.var.deps, 'security-log.csv', ['created_at', 'username', 'event_type', 'outcome', 'subject', 'address'], rows())
})

const types = auditTypeNames.map((value) => ({ value, label: auditTypes[value].done }))

const nothing: AuditList = { rows: [], total: 0, more: false }

async function auditPage(c: Context<AppEnv>, { state, form }: { state: AuditState; form: FormState }) {
  const { db, config, now } = c.var.deps
  const refused = Object.keys(form.faults).length > 0
  const [{ rows, total, more }, usernames] = await Promise.all([refused ? nothing : listAudit(db, state), listUsernames(db)])
  const subjects = await readSubjects(
    db,
    rows.map(({ subject }) => subject),
  )
  const entries: AuditEntry[] = rows.map((row, at) => ({
    ...row,
    words: auditWords(row.type, row.outcome),
    subjectParts: subjects[at] ?? [],
  }))
  const props = { state, form, list: { rows: entries, total }, more, types, usernames }
  const keptDays = Math.round(config.auth.eventRetentionMs / 86_400_000)
  return page(
    c,
    { title: 'Security log', current: 'security', status: refused ? 422 : 200 },
    <AuditPage {...props} keptDays={keptDays} now={now()} timeZone={config.timeZone} />,
  )
}
