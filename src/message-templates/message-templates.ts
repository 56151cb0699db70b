import { eq } from 'drizzle-orm'
import { isUniqueFault } from '../db/database'
import { messageTemplates } from '../db/schema'
import type { Deps } from '../deps'
import { NotFound } from '../faults'

/** In UTF-16 units: it has to be read in the picker of a phone. */
export const maxNameLength = 60

type Base = Pick<Deps, 'db' | 'now'>
export type MessageTemplate = typeof messageTemplates.$inferSelect
/** `messageBody`: as written, without the STOP line. */
export type TemplateInput = { name: string; messageBody: string }

/** `taken`: another one has this name, in whatever case. */
export type SaveResult = { kind: 'saved'; id: number } | { kind: 'taken'; by: MessageTemplate }

const keyOf = (name: string): string => name.normalize('NFKC').toLowerCase()

const isId = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text)

/** By the id as a form or an address has it; null where there is none. */
export async function findPicked({ db }: Pick<Base, 'db'>, id: string): Promise<MessageTemplate | null> {
  if (!isId(id)) return null
  return (await db.query.messageTemplates.findFirst({ where: eq(messageTemplates.id, Number(id)) })) ?? null
}

/** Whether `written` may give way: it is empty, or stands in one of these. */
export const isStored = (written: string, templates: readonly (MessageTemplate | null)[]): boolean =>
  written === '' || templates.some((template) => template?.messageBody === written)

/** Throws NotFound. */
export async function findTemplate(deps: Pick<Base, 'db'>, id: number): Promise<MessageTemplate> {
  const template = await findPicked(deps, String(id))
  if (!template) throw new NotFound()
  return template
}

/** `by`: username. */
export async function addTemplate({ db, now }: Base, input: TemplateInput, by: string): Promise<SaveResult> {
  const row = { ...input, nameKey: keyOf(input.name), updatedBy: by, createdAt: now(), updatedAt: now() }
  return save({ db }, input, () => db.insert(messageTemplates).values(row).returning({ id: messageTemplates.id }))
}

/** Throws NotFound. */
export async function editTemplate({ db, now }: Base, id: number, input: TemplateInput, by: string): Promise<SaveResult> {
  const change = { ...input, nameKey: keyOf(input.name), updatedBy: by, updatedAt: now() }
  return save({ db }, input, () =>
    db.update(messageTemplates).set(change).where(eq(messageTemplates.id, id)).returning({ id: messageTemplates.id }),
  )
}

async function save({ db }: Pick<Base, 'db'>, input: TemplateInput, write: () => PromiseLike<{ id: number }[]>): Promise<SaveResult> {
  try {
    const [row] = await write()
    if (!row) throw new NotFound()
    return { kind: 'saved', id: row.id }
  } catch (fault) {
    if (!isUniqueFault(fault)) throw fault
    const other = await db.query.messageTemplates.findFirst({ where: eq(messageTemplates.nameKey, keyOf(input.name)) })
    // Gone since: nothing is in the way any more.
    return other ? { kind: 'taken', by: other } : save({ db }, input, write)
  }
}

/** False when it was gone already. What was sent and scheduled from it stays as it is. */
export async function deleteTemplate({ db }: Pick<Base, 'db'>, id: number): Promise<boolean> {
  const gone = await db.delete(messageTemplates).where(eq(messageTemplates.id, id)).returning({ id: messageTemplates.id })
  return gone.length > 0
}

/** A text that began with it was sent or scheduled. `id` as the form had it; one that is gone meanwhile is no fault of the send. */
export async function markUsed({ db, now }: Base, id: string, by: string): Promise<void> {
  if (!isId(id)) return
  await db
    .update(messageTemplates)
    .set({ lastUsedAt: now(), lastUsedBy: by })
    .where(eq(messageTemplates.id, Number(id)))
}
