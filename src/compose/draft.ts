import { eq } from 'drizzle-orm'
import type { Audience } from '../blasts/audience'
import { events } from '../db/schema'
import type { Deps } from '../deps'
import { type Later, type LaterFields, readLater } from '../schedule/later'
import { isZone } from '../schedule/wall-time'
import { checkLength, checkTemplate, cleanBody, type Template, withStopLine } from '../sms/text'

export type Faults = Record<string, string>

export type DraftFields = LaterFields & {
  message_body: string
  target: string
  event_id: string
  test_mode: boolean
  include_unsubscribe: boolean
  schedule_later: boolean
}

/** A text that could be sent, before anybody is counted. */
export type Draft = {
  /** As typed, cleaned, without the STOP line. */
  written: string
  /** As it goes out: the template, STOP line included. */
  body: string
  template: Template
  audience: Audience
  event: { id: number; title: string } | null
  includeUnsubscribe: boolean
  /** Null: now. */
  later: Later | null
  /** Of whoever writes. */
  timeZone: string
}

export type Drafted = { ok: true; draft: Draft } | { ok: false; faults: Faults }

/** Fields may be longer than what they become; beyond this no text can come out short enough. */
const longestTemplate = 4000

type Source = Pick<Deps, 'db' | 'config' | 'now'>
type Body = { ok: true; written: string; body: string; template: Template } | { ok: false; fault: string }

/** Checks every field and names all faults at once. */
export async function readDraft(deps: Source, fields: DraftFields): Promise<Drafted> {
  const faults: Faults = {}
  const text = readBody(fields)
  if (!text.ok) faults.message_body = text.fault
  if (fields.target !== 'community' && fields.target !== 'event') faults.target = 'Choose who gets it.'
  const event = fields.target === 'event' ? await findEvent(deps, fields.event_id) : null
  if (fields.target === 'event' && !event) {
    faults.event_id = fields.event_id === '' ? 'Choose the event.' : 'This event is not there any more. Choose another one.'
  }
  const testPhone = fields.test_mode ? deps.config.adminTestPhone : null
  if (testPhone === '') faults.test_mode = 'ADMIN_TEST_PHONE is not set. Ask whoever runs the server.'
  const zone = deps.config.timeZone
  const when = fields.schedule_later ? readLater(fields, { now: deps.now(), timeZone: zone }) : null
  if (when && !when.ok) Object.assign(faults, when.faults)
  if (!text.ok || Object.keys(faults).length > 0 || when?.ok === false) return { ok: false, faults }
  const { written, body, template } = text
  const audience: Audience = { target: event ? 'event' : 'community', eventId: event?.id ?? null, testPhone }
  const timeZone = isZone(fields.client_timezone) ? fields.client_timezone : zone
  const rest = { includeUnsubscribe: fields.include_unsubscribe, later: when?.later ?? null, timeZone }
  return { ok: true, draft: { written, body, template, audience, event, ...rest } }
}

/** The text alone, for the preview, where the rest may still be missing. */
export function readBody({ message_body, include_unsubscribe }: Pick<DraftFields, 'message_body' | 'include_unsubscribe'>): Body {
  const written = cleanBody(message_body)
  const length = checkLength(written)
  if (written.length > longestTemplate && !length.ok) return { ok: false, fault: length.message }
  const body = include_unsubscribe ? withStopLine(written) : written
  const compiled = checkTemplate(body)
  if (!compiled.ok) return { ok: false, fault: compiled.message }
  return { ok: true, written, body, template: compiled.template }
}

/** By the id as a form or an address has it; null where there is none. */
export async function findEvent({ db }: Pick<Source, 'db'>, id: string): Promise<Draft['event']> {
  if (!/^[1-9]\d{0,14}$/.test(id)) return null
  const [event] = await db
    .select({ id: events.id, title: events.title })
    .from(events)
    .where(eq(events.id, Number(id)))
  return event ?? null
}
