import { type Context, Hono } from 'hono'
import { DeleteMembersPage } from '../../templates/members/delete'
import { MemberFormPage } from '../../templates/members/form'
import { MembersPage } from '../../templates/members/list'
import { blockedNote } from '../../templates/suppressions/blocked'
import { formatPhone, plural } from '../../templates/ui/format'
import { optOut } from '../suppressions/opt-outs'
import { audit } from '../web/audit'
import { currentUser } from '../web/auth'
import { csvDownload } from '../web/csv-download'
import type { AppEnv } from '../web/env'
import { redirectWithFlash } from '../web/flash'
import { type FormState, freshForm, readAll, readForm } from '../web/form'
import { readListing } from '../web/listing'
import { page } from '../web/page'
import { idParam, rowIds } from '../web/params'
import { personForm } from './form'
import { addMember, deleteMembers, editMember, findMember, findMembers, type Member, type SaveResult } from './members'
import { countMembers, listMembers, memberSorts, pagesOfMembers, textsFilters } from './queries'

export const memberRoutes = new Hono<AppEnv>()
export const memberAdminRoutes = new Hono<AppEnv>()

memberRoutes.get('/', async (c) => {
  const { db, config } = c.var.deps
  const state = readListing(c, { sorts: memberSorts, filters: { texts: textsFilters } })
  const counting = countMembers(db)
  const [list, counts] = await Promise.all([listMembers(db, state, counting), counting])
  const props = { state, list, counts, role: currentUser(c).role, now: c.var.deps.now(), timeZone: config.timeZone }
  return page(c, { title: 'Members', current: 'community' }, <MembersPage {...props} />)
})

memberRoutes.post('/:id/unsubscribe', idParam, async (c) => {
  const { deps } = c.var
  const member = await findMember(deps, c.req.valid('param').id)
  const user = currentUser(c)
  await optOut(deps, { phone: member.phone, name: member.name, reason: 'Asked a member of staff', source: 'staff', by: user.username })
  await audit(c, 'member_unsubscribed', `member ${member.id}`)
  return redirectWithFlash(c, '/community', {
    kind: 'ok',
    fact: `${called(member)} is opted out.`,
    text: 'No blast reaches this number from now on.',
  })
})

memberAdminRoutes.get('/add', (c) => memberForm(c, null, freshForm(), 200))

memberAdminRoutes.post('/add', async (c) => {
  const form = await readForm(c, personForm)
  if (!form.ok) return memberForm(c, null, form, 422)
  const result = await addMember(c.var.deps, form.value, currentUser(c).username)
  if (result.kind === 'taken') return memberForm(c, null, taken(form.values, result), 422)
  await audit(c, 'member_added', `member ${result.id}`)
  return saved(c, called(form.value), 'was added', result)
})

memberAdminRoutes.get('/:id/edit', idParam, async (c) => {
  const member = await findMember(c.var.deps, c.req.valid('param').id)
  return memberForm(c, member, freshForm({ name: member.name, phone: formatPhone(member.phone) }), 200)
})

memberAdminRoutes.post('/:id/edit', idParam, async (c) => {
  const member = await findMember(c.var.deps, c.req.valid('param').id)
  const form = await readForm(c, personForm)
  if (!form.ok) return memberForm(c, member, form, 422)
  const result = await editMember(c.var.deps, member.id, form.value, currentUser(c).username)
  if (result.kind === 'taken') return memberForm(c, member, taken(form.values, result), 422)
  await audit(c, 'member_updated', `member ${member.id}`)
  return saved(c, called(form.value), 'was changed', result)
})

memberAdminRoutes.get('/:id/delete', idParam, async (c) => confirmDelete(c, [await findMember(c.var.deps, c.req.valid('param').id)]))

memberAdminRoutes.post('/:id/delete', idParam, async (c) => {
  const member = await findMember(c.var.deps, c.req.valid('param').id)
  return removeMembers(c, [member.id], `${called(member)} was deleted.`, `member ${member.id}`)
})

memberAdminRoutes.get('/bulk-delete', async (c) =>
  confirmDelete(c, await findMembers(c.var.deps, rowIds(c.req.queries('member_ids') ?? []))),
)

memberAdminRoutes.post('/bulk-delete', async (c) => removeMembers(c, rowIds(await readAll(c, 'member_ids'))))

memberAdminRoutes.get('/export', async (c) => {
  const { deps } = c.var
  await audit(c, 'members_exported')
  async function* rows() {
    for await (const members of pagesOfMembers(deps.db)) yield members.map((m) => [m.name, m.phone, new Date(m.createdAt).toISOString()])
  }
  return csvDownload(c.var.deps, 'members.csv', ['name', 'phone', 'created_at'], rows())
})

const called = ({ name, phone }: { name: string; phone: string }) => name || formatPhone(phone)

function taken(values: FormState['values'], { by }: Extract<SaveResult, { kind: 'taken' }>): FormState {
  return { values, faults: { phone: `${by || 'Another member'} has this phone already. Change that entry instead.` } }
}

function saved(c: Context<AppEnv>, who: string, what: string, result: Extract<SaveResult, { kind: 'saved' }>) {
  if (result.reach.texts !== 'yes')
    return redirectWithFlash(c, '/community', blockedNote(`${who} ${what}`, result.reach, currentUser(c).role))
  return redirectWithFlash(c, '/community', { kind: 'ok', fact: `${who} ${what}.`, text: 'The next text to everyone reaches this number.' })
}

function memberForm(c: Context<AppEnv>, member: Member | null, form: FormState, status: 200 | 422) {
  const title = member ? 'Edit member' : 'Add a member'
  return page(c, { title, current: 'community', status }, <MemberFormPage member={member} form={form} />)
}

function confirmDelete(c: Context<AppEnv>, members: Member[]) {
  if (members.length === 0)
    return redirectWithFlash(c, '/community', {
      kind: 'info',
      fact: 'Nobody was picked, or they are gone already.',
      text: 'Tick the people first.',
    })
  return page(c, { title: 'Delete members', current: 'community' }, <DeleteMembersPage members={members} />)
}

async function removeMembers(c: Context<AppEnv>, ids: number[], fact?: string, subject?: string) {
  const { deps } = c.var
  const gone = await deleteMembers(deps, ids, currentUser(c).username)
  if (gone === 0)
    return redirectWithFlash(c, '/community', {
      kind: 'info',
      fact: 'Nobody was deleted.',
      text: 'Nobody was picked, or they are gone already.',
    })
  await audit(c, 'members_deleted', subject ?? plural(gone, 'member'))
  const text = 'Opt-outs and what they were sent are kept.'
  return redirectWithFlash(c, '/community', { kind: 'ok', fact: fact ?? `${plural(gone, 'member')} deleted.`, text })
}
