import { zValidator } from '@hono/zod-validator'
import * as z from 'zod'
import { NotFound } from '../faults'

/** A positive id of a row; anything else is a page that does not exist. */
const rowId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number)

/** Checks `:id` of a route; read it with `c.req.valid('param').id`. */
export const idParam = zValidator('param', z.object({ id: rowId }), (result) => {
  if (!result.success) throw new NotFound()
})

/** The ids among the values of a repeated field; anything that is no id is left out. */
export function rowIds(values: readonly string[]): number[] {
  return [...new Set(values.flatMap((value) => rowId.safeParse(value).data ?? []))]
}
