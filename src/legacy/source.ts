/** A row of the former app as it stands there. */
export type LegacyRow = Readonly<Record<string, unknown>> & { readonly id: number }

/** The former app's database, read only and as of one moment. */
export type LegacySource = {
  /** Tells it from another one of its kind: when it was made. */
  origin: string
  /** 0 for a table that it has not. */
  count(table: string): number
  /** In the order of ids, those after `after`. */
  rows(table: string, after: number, limit: number): LegacyRow[]
}

export const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value).trim())

export const numberOf = (value: unknown): number => (Number.isSafeInteger(Number(value)) ? Number(value) : 0)

export const flagOf = (value: unknown): 0 | 1 => (value === 1 || value === true || value === '1' ? 1 : 0)

/** UTC ms of `2026-11-22 08:06:19.625525`, which is UTC there; null for what is no time. */
export function timeOf(value: unknown): number | null {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(\.\d{1,3})?\d*(Z|[+-]\d\d:\d\d)?$/.exec(textOf(value))
  const at = parts ? Date.parse(`${parts[1]}T${parts[2]}${parts[3] ?? ''}${parts[4] ?? 'Z'}`) : Number.NaN
  return Number.isNaN(at) ? null : at
}

/** Texts and objects out of a column of JSON; null where it holds no list. */
export function listOf(value: unknown): unknown[] | null {
  try {
    const list: unknown = JSON.parse(textOf(value) || '[]')
    return Array.isArray(list) ? list : null
  } catch {
    return null
  }
}
