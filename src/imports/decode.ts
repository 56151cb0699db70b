export type CsvEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
export type DecodedCsv = { ok: true; text: string; encoding: CsvEncoding } | { ok: false; message: string }

const starts = (bytes: Uint8Array, ...signature: number[]): boolean => signature.every((byte, index) => bytes[index] === byte)

/** UTF-16 without a mark: plain Latin text has a NUL in every second byte. */
const guessUtf16 = (bytes: Uint8Array): CsvEncoding | null => {
  const sample = bytes.subarray(0, 1000)
  const pairs = Math.floor(sample.length / 2)
  const nuls = [0, 0]
  sample.forEach((byte, index) => {
    if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1
  })
  const [even = 0, odd = 0] = nuls
  if (odd > pairs * 0.4 && even < pairs * 0.1) return 'utf-16le'
  return even > pairs * 0.4 && odd < pairs * 0.1 ? 'utf-16be' : null
}

const decode = (bytes: Uint8Array, encoding: CsvEncoding): string => new TextDecoder(encoding).decode(bytes)

const decodeStrictUtf8 = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return null
  }
}

/** Invalid UTF-8: a few bad bytes in a UTF-8 file become U+FFFD; a file with no more valid accents than bad bytes is Windows-1252. */
const decodeEightBit = (bytes: Uint8Array): { text: string; encoding: CsvEncoding } => {
  const strict = decodeStrictUtf8(bytes)
  if (strict !== null) return { text: strict, encoding: 'utf-8' }
  const text = decode(bytes, 'utf-8')
  let bad = 0
  let good = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0xfffd) bad++
    else if (unit > 0x7f) good++
  }
  return good > bad ? { text, encoding: 'utf-8' } : { text: decode(bytes, 'windows-1252'), encoding: 'windows-1252' }
}

const faultOf = (bytes: Uint8Array): string | null => {
  if (bytes.length === 0) return 'The file is empty.'
  if (starts(bytes, 0x50, 0x4b, 3, 4) || starts(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    return 'This is a spreadsheet, not a CSV file. Open it and save it as CSV.'
  }
  return starts(bytes, 0x25, 0x50, 0x44, 0x46) ? 'This is a PDF, not a CSV file.' : null
}

/**
 * An uploaded file as text with LF line breaks, without byte order mark or NULs. UTF-8, UTF-16 by its mark or its pattern of NULs, else
 * Windows-1252. No byte is ever a reason to refuse; only an empty file, a workbook or a PDF is.
 */
export const decodeCsv = (bytes: Uint8Array): DecodedCsv => {
  const message = faultOf(bytes)
  if (message) return { ok: false, message }
  const utf16 = starts(bytes, 0xff, 0xfe) ? 'utf-16le' : starts(bytes, 0xfe, 0xff) ? 'utf-16be' : guessUtf16(bytes)
  const { text, encoding } = utf16 ? { text: decode(bytes, utf16), encoding: utf16 } : decodeEightBit(bytes)
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  const clean = lines.includes('\0') ? lines.replaceAll('\0', '') : lines
  return clean.trim() === '' ? { ok: false, message: 'The file is empty.' } : { ok: true, text: clean, encoding }
}
