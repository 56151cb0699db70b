import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { auditEvents, passwordHistory, sessions, users } from '../../src/db/schema'
import { deleteUser, editUser } from '../../src/users/users'
import { createCheapHarness, location } from '../auth/cheap-harness'
import { password } from '../support/harness'

type Harness = Awaited<ReturnType<typeof createCheapHarness>>

const tom = { username: 'tom', role: 'social_manager', password: 'First-Horse-10', phone: '', must_change_password: '1' }
const stored = async (h: Harness) => {
  const rows = await h.deps.db.select().from(users)
  return Object.fromEntries(rows.map(({ username, role, phone, mustChangePassword }) => [username, [role, phone, mustChangePassword]]))
}
const idOf = async (h: Harness, username: string) => {
  const row = await h.deps.db.get<{ id: number }>(sql`SELECT id FROM users WHERE username = ${username}`)
  if (!row) throw new Error(`no ${username}`)
  return row.id
}
const trail = async (h: Harness) => {
  const events = await h.deps.db.select().from(auditEvents)
  return events
    .filter(({ eventType }) => !eventType.startsWith('login'))
    .map(({ eventType, username, subject }) => [eventType, username, subject])
}
const faultsOf = (page: string) =>
  Object.fromEntries([...page.matchAll(/id="(\w+)-fault">(?:<svg.*?<\/svg>)?(.*?)<\/p>/gs)].map(([, name, words]) => [name, words]))

async function signInAs(h: Harness, username: string, typed: string) {
  const browser = h.createBrowser()
  const answer = await browser.post('/login', { username, password: typed })
  return { browser, status: answer.status }
}

describe('adding somebody', () => {
  it('stores them; they sign in and choose their own password first', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    const fresh = await admin.text('/users/add')
    expect(fresh).toMatch(/name="must_change_password"[^>]* checked/)
    const answer = await admin.post('/users/add', { ...tom, username: '  Tom  B ', phone: '(323) 555-0142' })
    expect([answer.status, location(answer)]).toEqual([303, '/users'])
    const list = await admin.text('/users')
    expect(list).toContain('Tom B was added.')
    expect(list).toContain('Has to choose a new one')
    expect(await stored(h)).toMatchObject({ 'Tom B': ['social_manager', '+13235550142', true] })
    const { browser } = await signInAs(h, 'tom b', tom.password)
    expect(location(await browser.get('/dashboard'))).toBe('/account/password')
    expect(await trail(h)).toEqual([['user_created', 'rosa', 'user Tom B, social manager']])
  })

  it('an unticked box lets the first password stand', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn()
    const { must_change_password: _, ...unticked } = tom
    await admin.post('/users/add', unticked)
    const { browser } = await signInAs(h, 'tom', tom.password)
    expect((await browser.get('/community')).status).toBe(200)
  })

  it('names every fault at once and keeps what was typed, but no password', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn()
    const answer = await admin.post('/users/add', {
      username: ' <',
      role: 'owner',
      password: 'weak',
      phone: '12',
      must_change_password: '',
    })
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(faultsOf(page)).toMatchObject({
      username: 'Type a username of at least 2 characters.',
      role: 'Choose a role.',
      password: 'Make it at least 12 characters long. Add a capital letter, a digit and a symbol.',
      phone: expect.stringContaining('Only 2 digits'),
    })
    expect(page).toContain('value=" &lt;"')
    expect(page).not.toContain('weak')
    expect(page).not.toMatch(/name="must_change_password"[^>]* checked/)
    expect((await admin.post('/users/add')).status).toBe(422)
    expect(faultsOf(await (await admin.post('/users/add', { ...tom, password: 'My-Tom-Horse-10' })).text())).toEqual({
      password: 'Leave the username out of it.',
    })
    expect((await admin.post('/users/add', { ...tom, password: `Aa1-${'x'.repeat(1000)}` })).status).toBe(422)
    expect(Object.keys(await stored(h))).toHaveLength(1)
  })

  it('a username is taken in any case, by two at once too', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn()
    const both = await Promise.all(['tom', 'TOM'].map((username) => admin.post('/users/add', { ...tom, username })))
    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 422])
    const refused = await Promise.all(both.filter(({ status }) => status === 422).map((answer) => answer.text()))
    expect(faultsOf(refused.join(''))).toEqual({ username: 'Somebody has this username already. Choose another one.' })
    expect(Object.keys(await stored(h))).toHaveLength(2)
  })
})

describe('editing somebody', () => {
  it('changes name, role and phone and leaves the password; the role counts from the next request on', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    const browser = await h.signIn('social_manager', 'tom')
    expect((await browser.get('/users')).status).toBe(403)
    const path = `/users/${await idOf(h, 'tom')}/edit`
    const answer = await admin.post(path, { username: 'thomas', role: 'admin', password: '', phone: '3235550142' })
    expect([answer.status, location(answer)]).toEqual([303, '/users'])
    expect(await stored(h)).toMatchObject({ thomas: ['admin', '+13235550142', false] })
    expect(await admin.text(path)).toContain('value="(323) 555-0142"')
    expect((await browser.get('/users')).status).toBe(200)
    expect((await signInAs(h, 'thomas', password)).status).toBe(303)

    await admin.post(path, { username: 'thomas', role: 'social_manager', password: '', phone: '', must_change_password: '1' })
    expect(location(await browser.get('/community'))).toBe('/account/password')
    await admin.post(path, { username: 'thomas', role: 'social_manager', password: '', phone: '' })
    expect((await browser.get('/users')).status).toBe(403)
    expect(await trail(h)).toEqual([
      ['user_updated', 'rosa', 'user tom: now called thomas, social manager to admin, phone changed'],
      ['user_updated', 'rosa', 'user thomas: admin to social manager, phone changed, has to change the password: yes'],
      ['user_updated', 'rosa', 'user thomas: has to change the password: no'],
    ])
  })

  it('a new password from an admin ends their sessions and has to be changed first, whatever the box says', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    const browser = await h.signIn('social_manager', 'tom')
    const path = `/users/${await idOf(h, 'tom')}/edit`
    expect((await admin.post(path, { ...tom, password: 'weak' })).status).toBe(422)
    expect((await browser.get('/community')).status).toBe(200)
    const { must_change_password: _, ...unticked } = tom
    expect((await admin.post(path, { ...unticked, password: 'Given-Horse-10' })).status).toBe(303)
    expect(await admin.text('/users')).toContain('tom has a new password.')

    expect(location(await browser.get('/community'))).toBe('/login?next=%2Fcommunity')
    expect((await signInAs(h, 'tom', password)).status).toBe(422)
    const { browser: again } = await signInAs(h, 'tom', 'Given-Horse-10')
    expect(location(await again.get('/community'))).toBe('/account/password')
    // The one before the reset is a former one.
    const change = { current_password: 'Given-Horse-10', new_password: password, confirm_password: password }
    expect(await (await again.post('/account/password', change)).text()).toContain('You used this one before.')
    expect(await h.deps.db.select().from(passwordHistory)).toHaveLength(1)
    expect((await admin.get('/users')).status).toBe(200)
    expect(await trail(h)).toContainEqual(['admin_password_reset', 'rosa', 'user tom'])
  })

  it('a taken name is refused, and a refused reset changes nothing', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    const browser = await h.signIn('social_manager', 'tom')
    const answer = await admin.post(`/users/${await idOf(h, 'tom')}/edit`, { ...tom, username: 'ROSA', password: 'Given-Horse-10' })
    expect(answer.status).toBe(422)
    expect((await browser.get('/community')).status).toBe(200)
    expect(await h.deps.db.select().from(passwordHistory)).toEqual([])
  })

  it('the own password is not set here, and the box for it is left alone', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    const path = `/users/${await idOf(h, 'rosa')}/edit`
    const form = await admin.text(path)
    expect(form).not.toMatch(/name="(password|must_change_password)"/)
    const refused = await admin.post(path, { username: 'rosa', role: 'admin', password: 'Given-Horse-10' })
    expect(refused.status).toBe(422)
    expect(Object.keys(faultsOf(await refused.text()))).toEqual(['password'])
    expect((await admin.post(path, { username: 'Rosa', role: 'admin', must_change_password: '1' })).status).toBe(303)
    expect(await stored(h)).toEqual({ Rosa: ['admin', null, false] })
    expect((await signInAs(h, 'rosa', password)).status).toBe(303)
  })

  it('an admin may step down while another remains, and is not led to what is shut then', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    await h.signIn('admin', 'ann')
    const answer = await admin.post(`/users/${await idOf(h, 'rosa')}/edit`, { username: 'rosa', role: 'social_manager' })
    expect([answer.status, location(answer)]).toEqual([303, '/dashboard'])
    expect((await admin.get('/users')).status).toBe(403)
  })
})

describe('deleting somebody', () => {
  it('says what will happen, signs them out, and is 404 the second time', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    const browser = await h.signIn('social_manager', 'tom')
    const path = `/users/${await idOf(h, 'tom')}/delete`
    expect(await admin.text(path)).toContain('signed out everywhere at once')
    expect(location(await admin.post(path))).toBe('/users')
    expect(await admin.text('/users')).toContain('tom was deleted.')
    expect((await browser.get('/community')).status).toBe(303)
    expect(await h.deps.db.select().from(sessions)).toHaveLength(1)
    expect((await signInAs(h, 'tom', password)).status).toBe(422)
    expect((await admin.post(path)).status).toBe(404)
    expect(await trail(h)).toEqual([['user_deleted', 'rosa', 'user tom, social manager']])
  })

  it('nobody deletes themself', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    await h.signIn('admin', 'ann')
    const path = `/users/${await idOf(h, 'rosa')}/delete`
    for (const answer of [await admin.get(path), await admin.post(path)]) {
      expect(answer.status).toBe(409)
      expect(await answer.text()).toContain('You cannot delete yourself.')
    }
    expect(Object.keys(await stored(h))).toEqual(['rosa', 'ann'])
  })
})

describe('the last admin', () => {
  it('is not made a social manager', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    await h.addUser('tom', 'social_manager')
    const answer = await admin.post(`/users/${await idOf(h, 'rosa')}/edit`, { username: 'rosa', role: 'social_manager' })
    expect(answer.status).toBe(422)
    expect(faultsOf(await answer.text())).toEqual({ role: 'One admin has to remain. Make somebody else an admin first.' })
    expect(await stored(h)).toMatchObject({ rosa: ['admin', null, false] })
  })

  type Deed = (h: Harness, target: { id: number; username: string }, by: { id: number }) => Promise<string>
  const input = { role: 'social_manager', phone: null, mustChangePassword: false } as const
  const deeds = {
    delete: (h, { id }, by) => deleteUser(h.deps, id, by, []),
    demote: (h, { id, username }) => editUser(h.deps, id, { ...input, username, password: '' }, []),
    reset: (h, { id, username }) => editUser(h.deps, id, { ...input, username, password: 'Given-Horse-10' }, []),
  } satisfies Record<string, Deed>

  it.each([
    ['delete', 'delete'],
    ['demote', 'demote'],
    ['delete', 'demote'],
    ['reset', 'delete'],
    ['reset', 'reset'],
  ] as const)('two admins %s and %s each other, both already let in: one remains', async (one, other) => {
    const h = await createCheapHarness()
    const [ann, ben] = [await h.addUser('ann', 'admin'), await h.addUser('ben', 'admin')]
    const results = await Promise.all([deeds[one](h, ben, ann), deeds[other](h, ann, ben)])
    expect(results.filter((result) => result === 'last_admin')).toHaveLength(1)
    const admins = Object.values(await stored(h)).filter(([role]) => role === 'admin')
    expect(admins).toHaveLength(1)
  })

  it('two admins delete each other in their browsers at once: one remains', async () => {
    const h = await createCheapHarness()
    const [ann, ben] = [await h.signIn('admin', 'ann'), await h.signIn('admin', 'ben')]
    const [annId, benId] = [await idOf(h, 'ann'), await idOf(h, 'ben')]
    await Promise.all([ann.post(`/users/${benId}/delete`), ben.post(`/users/${annId}/delete`)])
    expect(await h.deps.db.select().from(users)).toHaveLength(1)
  })

  it('a refused reset leaves the password, its history and the sessions alone', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    const id = await idOf(h, 'rosa')
    expect(await deeds.reset(h, { id, username: 'rosa' })).toBe('last_admin')
    expect(await h.deps.db.select().from(passwordHistory)).toEqual([])
    expect((await admin.get('/users')).status).toBe(200)
  })
})

describe('the list', () => {
  const people = [
    ['Rosa', 'admin', '+13235550142'],
    ['anna', 'social_manager', '+17205550164'],
    ['Zed_100%', 'social_manager', null],
  ] as const

  async function withPeople() {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'me')
    const rows = people.map(([username, role, phone], i) => ({ username, role, phone, passwordHash: '', createdAt: i + 1, updatedAt: 1 }))
    await h.deps.db.insert(users).values(rows)
    const names = async (query: string) => {
      const page = await admin.text(`/users?${query}`)
      return [...page.matchAll(/\/edit">([^<]+)<\/a>/g)].map(([, name]) => name)
    }
    return { admin, names }
  }

  it.each([
    ['', ['anna', 'me (you)', 'Rosa', 'Zed_100%']],
    ['search=ROS', ['Rosa']],
    ['search=%25', ['Zed_100%']],
    ['search=_', ['Zed_100%']],
    ['search=(323) 555', ['Rosa']],
    ['search=nobody', []],
    ['role=admin', ['me (you)', 'Rosa']],
    ['sort=role&dir=desc', ['anna', 'Zed_100%', 'me (you)', 'Rosa']],
    ['sort=created_at', ['Rosa', 'anna', 'Zed_100%', 'me (you)']],
    ['sort=password_hash&role=x', ['anna', 'me (you)', 'Rosa', 'Zed_100%']],
  ])('?%s', async (query, expected) => {
    const { names } = await withPeople()
    expect(await names(query)).toEqual(expected)
  })

  it('counts roles and shows no hash', async () => {
    const { admin } = await withPeople()
    const page = await admin.text('/users')
    expect(page).toContain('4 people can sign in.')
    expect(page).toContain('(323) 555-0142')
    expect(page).not.toContain('scrypt')
    expect(page).toMatch(/<a href="\/users" aria-current="page">/)
  })
})

describe('staff', () => {
  it('are the business of admins only, and of ids that exist', async () => {
    const h = await createCheapHarness()
    const admin = await h.signIn('admin', 'rosa')
    const manager = await h.signIn('social_manager', 'tom')
    const id = await idOf(h, 'rosa')
    for (const path of ['/users', '/users/add', `/users/${id}/edit`, `/users/${id}/delete`]) {
      expect([path, (await manager.get(path)).status]).toEqual([path, 403])
      expect([path, (await h.createBrowser().get(path)).status]).toEqual([path, 303])
    }
    for (const path of ['/users/add', `/users/${id}/edit`, `/users/${id}/delete`]) {
      expect([path, (await manager.post(path, { ...tom, username: 'mallory' })).status]).toEqual([path, 403])
    }
    expect(await manager.text('/dashboard')).not.toContain('href="/users"')
    for (const path of ['/users/99/edit', '/users/99/delete', '/users/0/edit', '/users/x/delete']) {
      expect([path, (await admin.get(path)).status]).toEqual([path, 404])
      expect([path, (await admin.post(path, tom)).status]).toEqual([path, 404])
    }
    expect(Object.keys(await stored(h))).toEqual(['rosa', 'tom'])
  })
})
