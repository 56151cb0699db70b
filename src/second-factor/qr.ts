import { encode } from 'uqr'

/** `path` draws the dark squares, one unit each, on a white square of `size` units. */
export type QrCode = { size: number; path: string }

/** The quiet edge that a camera needs (ISO 18004). */
const border = 4

export function drawQr(text: string): QrCode {
  const { size, data } = encode(text, { ecc: 'M', border })
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : [])))
  return { size, path: squares.join('') }
}
