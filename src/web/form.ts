import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as z from 'zod'

/** What was typed, by field name; kept so that a refused form loses nothing. */
export type FormValues = Record<string, string>
/** What is wrong, by field name, in the words staff read. */
export type FormFaults = Record<string, string>
export type FormState = { values: FormValues; faults: FormFaults }

export type FormResult<T> = { ok: true; value: T; values: FormValues } | { ok: false; values: FormValues; faults: FormFaults }

/** An untouched form with its first values. */
export const freshForm = (values: FormValues = {}): FormState => ({ values, faults: {} })

/**
 * Reads an urlencoded or multipart body and checks it with `schema`, whose messages are shown at the fields.
 * A field sent several times counts once, by its first value; use `readAll` for lists. Files are ignored.
 */
export async function readForm<T>(c: Context, schema: z.ZodType<T>): Promise<FormResult<T>> {
  const values: FormValues = {}
  for (const [name, value] of await formEntries(c)) {
    if (typeof value === 'string' && !(name in values)) values[name] = value
  }
  const parsed = schema.safeParse(values)
  if (parsed.success) return { ok: true, value: parsed.data, values }
  const faults: FormFaults = {}
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0] ?? 'form')
    faults[field] ??= issue.message
  }
  return { ok: false, values, faults }
}

/** All values of a repeated field, e.g. `member_ids`. */
export async function readAll(c: Context, name: string): Promise<string[]> {
  return (await formEntries(c)).filter(([key, value]) => key === name && typeof value === 'string').map(([, value]) => String(value))
}

/** All fields of a form, files among them; none where the body is something else. Throws 400 where it breaks off or is no form at all. */
export async function formEntries(c: Context): Promise<[string, unknown][]> {
  const type = c.req.header('content-type') ?? ''
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) return []
  try {
    return [...(await c.req.formData()).entries()]
  } catch (cause) {
    throw new HTTPException(400, { cause })
  }
}

/** A box that is absent is off; so is one that says so. */
export const box = z
  .string()
  .default('')
  .transform((value) => !['', '0', 'false', 'off'].includes(value.toLowerCase()))
