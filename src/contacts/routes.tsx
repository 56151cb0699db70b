import { type Context, Hono } from 'hono'
import { ContactsPage } from '../../templates/contacts/list'
import { ContactPage } from '../../templates/contacts/person'
import { formatPhone } from '../../templates/ui/format'
import { listConsents } from '../consents/consents'
import { NotFound } from '../faults'
import { currentUser } from '../web/auth'
import type { AppEnv } from '../web/env'
import { type ListingState, readListing } from '../web/listing'
import { page } from '../web/page'
import { listBlastsOf } from './blasts'
import { findContact, listContacts, mostFound, wholePhone } from './queries'

/** `/contacts`: "did Maria get it?" */
export const contactRoutes = new Hono<AppEnv>()

contactRoutes.get('/', async (c) => {
  const { db } = c.var.deps
  const state = readListing(c, { sorts: ['name'] })
  const phone = c.req.query('phone')
  if (phone !== undefined) return contactPage(c, storedPhone(phone), state)
  const list = state.search === '' ? { rows: [], total: 0 } : await listContacts(db, state)
  const [only] = list.rows
  // Who types sees a list that narrows; who asked, and there is one answer, gets it.
  if (only && list.total === 1 && !c.req.header('hx-request')) return contactPage(c, only.phone, { ...state, page: 1 })
  return page(c, { title: 'Find a person', current: 'contacts' }, <ContactsPage state={state} list={list} most={mostFound} />)
})

/** As it is stored, whatever the link said; numbers taken over from elsewhere may be none that we would take. */
const storedPhone = (text: string): string => wholePhone(text) ?? `+${text.replace(/\D/g, '')}`

async function contactPage(c: Context<AppEnv>, phone: string, asked: ListingState) {
  const { db, now, config } = c.var.deps
  const contact = await findContact(db, phone)
  if (!contact) throw new NotFound()
  const consents = await listConsents(db, phone)
  const state: ListingState = { ...asked, pageSize: 25, search: '', filters: { phone } }
  const blasts = await listBlastsOf(db, contact, consents, state)
  const props = { contact, consents, state, blasts, search: asked.search, role: currentUser(c).role, now: now(), timeZone: config.timeZone }
  return page(c, { title: contact.name || formatPhone(phone), current: 'contacts' }, <ContactPage {...props} />)
}
