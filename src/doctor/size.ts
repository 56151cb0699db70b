/** `0.7 MB`, `78.1 GB`. */
export function sizeWords(bytes: number): string {
  const [unit, name] = bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB']
  return `${(bytes / Number(unit)).toLocaleString('en-US', { maximumFractionDigits: 1 })} ${name}`
}
