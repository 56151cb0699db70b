import { splitGraphemes } from 'sms-segments-calculator/dist/libs/textUtils.js'
import { septets } from './gsm'
import { cleanName, fillOf, render, type Template } from './text'

export { type Culprit, replaceCulprits, ucs2Culprits } from './plain-characters'

export type Encoding = 'GSM-7' | 'UCS-2'
export type PartCount = {
  encoding: Encoding
  parts: number
  /** Septets (an extension character such as € takes two) or UTF-16 units. */
  units: number
  /** Units still free in the last part. */
  unitsLeftInPart: number
  /** Units beyond what one part holds; 0 while the text fits. */
  overOnePart: number
}
export type Estimate = {
  people: number
  min: number
  max: number
  total: number
  /** How many people get how many parts, fewest parts first. */
  byParts: { parts: number; people: number }[]
  /** UTF-16 units of the longest rendered text; the limit is 1600. */
  longestLength: number
}

// A part carries 140 octets; from the second part on, each gives six of them to the header that joins them.
const CAPACITY: Record<Encoding, { single: number; joined: number }> = {
  'GSM-7': { single: 160, joined: 153 },
  'UCS-2': { single: 70, joined: 67 },
}

// Units that are a character by themselves beside each other: no combining marks, joiners, surrogates or Hangul syllable parts.
const isAlone = (unit: number): boolean =>
  unit < 0x300 || (unit >= 0x370 && unit < 0x483) || (unit >= 0x1e00 && unit < 0x2000) || (unit >= 0x2010 && unit < 0x2028)

/** How the calculator fills parts: a character is never split, and what no longer fits beside the header moves to the second part. */
const fill = (sizes: readonly number[], single: number, joined: number): { parts: number; left: number } => {
  let parts = 1
  let used = 0
  let capacity = single
  sizes.forEach((size, index) => {
    if (capacity - used < size) {
      let kept = used
      for (let last = index - 1; parts === 1 && kept > joined; last--) kept -= sizes[last] ?? 0
      used = parts === 1 ? used - kept : 0
      parts++
      capacity = joined
    }
    used += size
  })
  return { parts, left: capacity - used }
}

const fillEvenly = (units: number, single: number, joined: number): { parts: number; left: number } => {
  if (units <= single) return { parts: 1, left: single - units }
  const parts = Math.ceil(units / joined)
  return { parts, left: parts * joined - units }
}

const fillText = (text: string, encoding: Encoding, units: number): { parts: number; left: number } => {
  const { single, joined } = CAPACITY[encoding]
  if (encoding === 'GSM-7') {
    if (units <= single || units === text.length) return fillEvenly(units, single, joined)
    return fill(
      Array.from(text, (char) => septets[char.charCodeAt(0)] ?? 0),
      single,
      joined,
    )
  }
  let alone = true
  for (let i = 0; alone && i < text.length; i++) alone = isAlone(text.charCodeAt(i))
  if (alone || units <= single) return fillEvenly(units, single, joined)
  return fill(
    splitGraphemes(text).map((grapheme) => grapheme.length),
    single,
    joined,
  )
}

/** Parts and encoding of a text as it is sent, equal to Twilio's segment calculator (without smart encoding). */
export const countParts = (text: string): PartCount => {
  let units = 0
  let encoding: Encoding = 'GSM-7'
  for (let i = 0; i < text.length; i++) {
    const size = septets[text.charCodeAt(i)] ?? 0
    units += size
    if (size === 0) {
      encoding = 'UCS-2'
      units = text.length
      break
    }
  }
  const { parts, left } = fillText(text, encoding, units)
  return { encoding, parts, units, unitsLeftInPart: left, overOnePart: Math.max(0, units - CAPACITY[encoding].single) }
}

type Kind = 0 | 1 | 2
const PLAIN: Kind = 0
const WIDE: Kind = 1
const ODD: Kind = 2

const kindOf = (text: string): Kind => {
  let kind: Kind = PLAIN
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (septets[unit] === 1) continue
    if (septets[unit] === 2 || !isAlone(unit)) return ODD
    kind = WIDE
  }
  return kind
}

const NEEDS_CLEANING = /[^ -~\u00a1-\u02ff]/
const MAX_KEYED_LENGTH = 1000

/** Parts and length in UTF-16 units of a template per name, without encoding each text. See `partsOf`. */
export const measureOf = (template: Template): ((name: string) => { parts: number; length: number }) => {
  const fields = template.pieces.filter((piece) => piece.kind === 'field')
  const measure = (name: string) => {
    const text = render(template, name)
    return { parts: countParts(text).parts, length: text.length }
  }
  if (fields.length === 0) {
    const fixed = measure('')
    return () => fixed
  }
  const usesFirst = fields.some((piece) => piece.field === 'first_name')
  const usesWhole = fields.some((piece) => piece.field !== 'first_name')
  const nameless = measure('')
  const known = new Map<number, { parts: number; length: number }>()

  return (name) => {
    const cleaned = NEEDS_CLEANING.test(name) ? cleanName(name) : name.trim()
    if (cleaned === '') return nameless
    const first = usesFirst ? fillOf('first_name', '', cleaned) : ''
    const firstKind = kindOf(first)
    const wholeKind = usesWhole ? kindOf(cleaned) : PLAIN
    const wholeLength = usesWhole ? cleaned.length : 0
    if (firstKind === ODD || wholeKind === ODD || cleaned.length > MAX_KEYED_LENGTH) return measure(cleaned)
    const key = (first.length * 2 + firstKind) * 4096 + wholeLength * 2 + wholeKind
    const seen = known.get(key)
    if (seen) return seen
    const measured = measure(cleaned)
    known.set(key, measured)
    return measured
  }
}

/**
 * Parts of a template for a name, exactly those of `countParts(render(template, name))`.
 * Names alike in length and alphabet give the same answer, so each kind is encoded once; names with extension characters,
 * emoji or combining marks are encoded one by one.
 */
export const partsOf = (template: Template): ((name: string) => number) => {
  const measure = measureOf(template)
  return (name) => measure(name).parts
}

/** Parts for a whole audience. Cheap enough for 100,000 names on a page's path; 0 everywhere for nobody. */
export const estimate = (template: Template, names: Iterable<string>): Estimate => {
  const measure = measureOf(template)
  const counts = new Map<number, number>()
  let longestLength = 0
  for (const name of names) {
    const { parts, length } = measure(name)
    counts.set(parts, (counts.get(parts) ?? 0) + 1)
    if (length > longestLength) longestLength = length
  }
  const byParts = [...counts].map(([parts, people]) => ({ parts, people })).sort((a, b) => a.parts - b.parts)
  return {
    people: byParts.reduce((sum, row) => sum + row.people, 0),
    min: byParts[0]?.parts ?? 0,
    max: byParts.at(-1)?.parts ?? 0,
    total: byParts.reduce((sum, row) => sum + row.people * row.parts, 0),
    byParts,
    longestLength,
  }
}
