import { looksLikePhone, parsePhone } from '../sms/phone'
import type { CsvRow } from './csv'

/** Which columns are what, counted from 0. Plain data, so that it can be kept with an import. */
export type Columns = {
  /** Whether row 1 is a header. */
  header: boolean
  phone: number
  /** None, one for the whole name, or first and last. */
  names: number[]
  /** For staff: how the columns were read. */
  words: string
}
export type ReadColumns = { ok: true; columns: Columns } | { ok: false; message: string }

const SAMPLE_ROWS = 50
const words = (text: string): Set<string> => new Set(text.split(','))
const FIRST = words('first,first name,firstname,fname,given name,givenname,forename,prenom,nombres,primer nombre,nombre de pila')
const LAST = words('last,last name,lastname,lname,surname,family name,familyname,second name,apellido,apellidos')
const FULL = words(
  'name,names,full name,fullname,contact name,display name,member,member name,person,guest,guest name,attendee,customer,customer name,nombre,nombre completo,nombre y apellido,nombre y apellidos',
)
const MOBILE = words('mobile,mobiles,cell,cells,cellphone,mobilephone,celular,celulares,movil,sms,text,whatsapp')
const PHONE = words('phone,phones,phonenumber,telephone,telephones,tel,telefono,telefonos,fono')
const NUMBER = words('number,numbers,numero,numeros,num,contact number,contact no')
// "Phone type", "Email", "Member id": these hold something else, whatever other word stands beside it.
const OTHER = words(
  'type,label,ext,extension,country,carrier,code,opt,optin,consent,status,date,email,mail,verified,id,fax,zip,emergency,notes,note,comment,comments,reason,category,kind,source',
)
const NOT_MOBILE = words('home,work,office,landline,casa,trabajo')

export const plainHeading = (cell: string): string =>
  cell
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

const isOther = (heading: string): boolean => heading.split(' ').some((word) => OTHER.has(word))

/** How surely a heading means the phone to text; 0 is not at all. */
const phoneRank = (heading: string): number => {
  const parts = heading.split(' ')
  if (isOther(heading)) return 0
  if (parts.some((word) => MOBILE.has(word))) return 4
  if (parts.some((word) => PHONE.has(word))) return parts.some((word) => NOT_MOBILE.has(word)) ? 2 : 3
  return NUMBER.has(heading) ? 1 : 0
}

const isNameHeading = (heading: string): boolean => FIRST.has(heading) || LAST.has(heading) || FULL.has(heading)

const cellsOf = (rows: CsvRow[], column: number): string[] =>
  rows.map(({ cells }) => cells[column]?.trim() ?? '').filter((cell) => cell !== '')

const phoneScore = (rows: CsvRow[], column: number): number =>
  cellsOf(rows, column).reduce((score, cell) => score + (looksLikePhone(cell) ? (parsePhone(cell).ok ? 3 : 1) : 0), 0)

/** The column with the highest score above 0, the first of equals. */
const best = (width: number, score: (column: number) => number): number | null => {
  let found: number | null = null
  let top = 0
  for (let column = 0; column < width; column++) {
    const next = score(column)
    if (next > top) [found, top] = [column, next]
  }
  return found
}

const namesByHeading = (headings: string[]): number[] => {
  const first = headings.findIndex((heading) => FIRST.has(heading))
  const last = headings.findIndex((heading) => LAST.has(heading))
  const full = headings.findIndex((heading) => FULL.has(heading))
  if (first !== -1 && last !== -1) return [first, last]
  // "Name, Surname": beside a last name, the name is the first one.
  if (full !== -1) return last === -1 ? [full] : [full, last]
  return [first, last].filter((column) => column !== -1)
}

const namesByContent = (rows: CsvRow[], width: number, phone: number, headings: string[]): number[] => {
  const texty = Array.from({ length: width }, (_, column) => column).filter((column) => {
    const cells = cellsOf(rows, column)
    const named = cells.filter((cell) => /\p{L}/u.test(cell) && !cell.includes('@'))
    return column !== phone && !isOther(headings[column] ?? '') && named.length > cells.length / 2
  })
  const [first, last] = texty
  if (first === undefined || last === undefined) return texty
  const whole = cellsOf(rows, first).filter((cell) => /\S\s+\S/.test(cell)).length > rows.length / 2
  return width > 3 && whole ? [first] : [first, last]
}

/** No cell looks like a phone: the place where one is usual, if it holds any digit at all. */
const phoneByPlace = (rows: CsvRow[], width: number): number | null => {
  const digits = (column: number) => cellsOf(rows, column).filter((cell) => /\d/.test(cell)).length
  const usual = Math.min(width, 3) - 1
  return digits(usual) > 0 ? usual : best(width, digits)
}

const describe = (columns: Omit<Columns, 'words'>, labels: string[], byHeading: boolean): string => {
  const label = (column: number) => (columns.header && labels[column]?.trim()) || `column ${column + 1}`
  const names = columns.names.length > 0 ? `${columns.names.map(label).join(' + ')} → name, ` : ''
  const read = `${names}${label(columns.phone)} → phone${columns.names.length > 0 ? '' : ', no names'}`
  if (byHeading) return `Columns read by their headings: ${read}`
  return columns.header ? `Columns read by what is in them: ${read}` : `No headings. ${read.charAt(0).toUpperCase()}${read.slice(1)}`
}

/**
 * Decides which columns hold the name and the phone, by the headings and the first 50 rows. One column is the phone, two are name and
 * phone in either order, three or more first, last and phone, unless the headings or the contents say otherwise.
 */
export const readColumns = (rows: readonly CsvRow[]): ReadColumns => {
  const labels = rows[0]?.cells ?? []
  const headings = labels.map(plainHeading)
  const known = headings.some((heading) => phoneRank(heading) > 0 || isNameHeading(heading))
  const header = known && !labels.some(looksLikePhone)
  const sample = rows.slice(header ? 1 : 0, SAMPLE_ROWS)
  const width = Math.max(0, ...rows.slice(0, SAMPLE_ROWS).map(({ cells }) => cells.length))

  const scores = Array.from({ length: width }, (_, column) => phoneScore(sample, column))
  const rankOf = (column: number) => (header ? phoneRank(headings[column] ?? '') : 0)
  const byContent = () => best(width, (column) => (header && isOther(headings[column] ?? '') ? 0 : (scores[column] ?? 0)))
  // A heading wins over contents, but a headed column with no phone in it loses to a headed one that has some.
  const headed = best(width, (column) => (rankOf(column) === 0 ? 0 : rankOf(column) + ((scores[column] ?? 0) > 0 ? 10 : 0)))
  const onlyNumber = headed !== null && rankOf(headed) === 1 && scores[headed] === 0
  const phone = (onlyNumber ? (byContent() ?? headed) : (headed ?? byContent())) ?? phoneByPlace(sample, width)
  if (phone === null) return { ok: false, message: 'No column looks like phones. Give it a heading, such as Phone.' }

  const namedByHeading = header ? namesByHeading(headings).filter((column) => column !== phone) : []
  const names = namedByHeading.length > 0 ? namedByHeading : namesByContent(sample, width, phone, header ? headings : [])
  const byHeading = header && phone === headed && (namedByHeading.length > 0 || names.length === 0)
  const columns = { header, phone, names }
  return { ok: true, columns: { ...columns, words: describe(columns, labels, byHeading) } }
}

/** One row by those columns: the name on one line, the phone as written. Either may be empty. */
export const readRow = ({ phone, names }: Columns, { cells }: CsvRow): { name: string; phoneText: string } => ({
  name: names
    .map((column) => cells[column] ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim(),
  phoneText: cells[phone]?.trim() ?? '',
})
