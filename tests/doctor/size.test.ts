import { expect, it } from 'vitest'
import { sizeWords } from '../../src/doctor/size'

it.each([
  [0, '0 MB'],
  [734_003, '0.7 MB'],
  [999_900_000, '999.9 MB'],
  [1_000_000_000, '1 GB'],
  [78_123_000_000, '78.1 GB'],
])('%i bytes are %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words)
})
