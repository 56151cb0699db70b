export const FIELDS = ['first_name', 'name', 'full_name'] as const
export type Field = (typeof FIELDS)[number]
export const MAX_TEXT_UNITS = 1600
export const STOP_LINE = 'Reply STOP to unsubscribe'
export const NO_NAME = 'there'
const MAX_NAMED_FAULTS = 5

export type TemplatePiece = { kind: 'text'; text: string } | { kind: 'field'; field: Field; fallback: string }
export type Template = { pieces: readonly TemplatePiece[] }
export type Compiled = { ok: true; template: Template } | { ok: false; unknown: string[]; message: string }
export type RenderedPiece = { text: string; filled: boolean }

// Everything between braces that holds a letter or digit is meant as a field; `{}` and `{ :) }` are not. Doubled braces
// ({{first_name}}, another product's habit) are caught whole, else the recipient would read "{Maria}".
// What is inside is looked at apart, and a row of open braces only from its start: else it takes time by its square or cube.
const BRACES = /(?<!\{)\{+[^{}\n]*\}+/g
const MEANT = /[\p{L}\p{N}]/u
/** A field that was never closed, or with another bracket. Matched in what lies between the fields. */
const UNCLOSED = /\{\p{L}[\p{L}\p{N}_]{0,40}/gu
const LINE_BREAKS = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g
// Controls, lone surrogates (URL encoding would turn them into U+FFFD, so what is sent would differ from what is stored) and the
// marks that reverse the reading direction of what follows.
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** The body as it is kept and sent: line breaks are LF, a tab is a space, control characters and lone surrogates are taken out, the ends trimmed. */
export const cleanBody = (body: string): string => body.replace(LINE_BREAKS, '\n').replace(/\t/g, ' ').replace(UNPRINTABLE, '').trim()

/** A name as it is filled in: on one line, trimmed, without control characters. Braces stay what they are. */
export const cleanName = (name: string): string => name.replace(LINE_BREAKS, ' ').replace(/\t/g, ' ').replace(UNPRINTABLE, '').trim()

/** The body with the opt-out line under it, as a line of its own and only once. An empty body stays empty. */
export const withStopLine = (body: string): string => {
  const text = cleanBody(body)
  return text === '' || text.endsWith(`\n${STOP_LINE}`) ? text : `${text}\n${STOP_LINE}`
}

/** The body without the opt-out line that `withStopLine` put under it. */
export const withoutStopLine = (body: string): string => (body.endsWith(`\n${STOP_LINE}`) ? body.slice(0, -STOP_LINE.length - 1) : body)

const ALIASES: Record<string, Field> = {
  first: 'first_name',
  fname: 'first_name',
  forename: 'first_name',
  givenname: 'first_name',
  nickname: 'first_name',
  nombre: 'first_name',
  full: 'full_name',
  firstlast: 'full_name',
  fullname: 'full_name',
  recipient: 'name',
  contact: 'name',
  member: 'name',
}

const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

const nearestField = (token: string): Field | null => {
  const word = (token.split('|')[0] ?? '').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const alias = Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined
  if (alias) return alias
  const near = FIELDS.map((field) => ({ field, distance: editDistance(word.slice(0, 40), field.replace('_', '')) })).sort(
    (a, b) => a.distance - b.distance,
  )[0]
  return near && near.distance <= 2 && near.distance < word.length ? near.field : null
}

const faultOf = (token: string): string => {
  if (!token.endsWith('}')) return `${token} is not closed. Write {${nearestField(token) ?? 'first_name'}}, with a brace at either end.`
  const near = nearestField(token)
  return near ? `${token} is not a field. Did you mean {${near}}?` : `${token} is not a field. Use {first_name}, {name} or {full_name}.`
}

const readToken = (token: string): TemplatePiece | null => {
  const inside = token.slice(1, -1)
  const bar = inside.indexOf('|')
  const word = (bar === -1 ? inside : inside.slice(0, bar)).trim().toLowerCase()
  const field = FIELDS.find((known) => known === word)
  return field ? { kind: 'field', field, fallback: bar === -1 ? NO_NAME : inside.slice(bar + 1).trim() } : null
}

const faulty = (tokens: ReadonlySet<string>): Compiled => ({
  ok: false,
  unknown: [...tokens],
  message: [...tokens].slice(0, MAX_NAMED_FAULTS).map(faultOf).join(' '),
})

/**
 * Reads a message body once, to be rendered many times. The body is cleaned first (`cleanBody`).
 * `unknown` holds each wrong token as written, once; it is empty when the fault is an empty body.
 */
export const compileTemplate = (body: string): Compiled => {
  const text = cleanBody(body)
  if (text === '') return { ok: false, unknown: [], message: 'There is no text yet.' }
  const pieces: TemplatePiece[] = []
  const unknown = new Set<string>()
  let end = 0
  for (const match of text.matchAll(BRACES)) {
    if (!MEANT.test(match[0])) continue
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index) })
    end = match.index + match[0].length
    const piece = readToken(match[0])
    if (piece) pieces.push(piece)
    else unknown.add(match[0])
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) })
  return unknown.size === 0 ? { ok: true, template: { pieces } } : faulty(unknown)
}

/** As `compileTemplate`, for a body that is being written: a field that is not closed is a fault, too. What is stored already goes out as it was reviewed. */
export const checkTemplate = (body: string): Compiled => {
  const compiled = compileTemplate(body)
  if (!compiled.ok) return compiled
  const open = new Set(compiled.template.pieces.flatMap((piece) => (piece.kind === 'text' ? (piece.text.match(UNCLOSED) ?? []) : [])))
  return open.size === 0 ? compiled : faulty(open)
}

/** What a field becomes for one name that went through `cleanName`. */
export const fillOf = (field: Field, fallback: string, cleanedName: string): string =>
  (field === 'first_name' ? cleanedName.split(/\s/, 1)[0] : cleanedName) || fallback

/** The rendered text in pieces, for highlighting what was filled in. A name is never read as a template. */
export const renderSegments = (template: Template, name: string): RenderedPiece[] => {
  const cleaned = cleanName(name)
  return template.pieces.map((piece) =>
    piece.kind === 'text' ? { text: piece.text, filled: false } : { text: fillOf(piece.field, piece.fallback, cleaned), filled: true },
  )
}

export const render = (template: Template, name: string): string =>
  renderSegments(template, name)
    .map((piece) => piece.text)
    .join('')

/** Rendered text must be 1 to 1600 UTF-16 units, the provider's limit, and not only white space. */
export const checkLength = (text: string): { ok: true } | { ok: false; message: string } => {
  if (text.trim() === '') return { ok: false, message: 'There is no text yet.' }
  const over = text.length - MAX_TEXT_UNITS
  if (over <= 0) return { ok: true }
  return {
    ok: false,
    message: `${over.toLocaleString('en-US')} ${over === 1 ? 'character' : 'characters'} too many: a text can have at most 1,600.`,
  }
}
