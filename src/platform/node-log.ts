import type { Log } from '../deps'

type Fields = Parameters<Log>[1]

/**
 * JSON lines for journals and log collectors; `short` is for somebody who develops at a terminal: the local time, what happened, and
 * the fields as words.
 */
export function createLog(style: 'json' | 'short', write: (text: string) => unknown = (text) => process.stdout.write(text)): Log {
  return (event, fields = {}) => {
    const at = new Date()
    write(style === 'json' ? `${JSON.stringify({ at: at.toISOString(), event, ...fields })}\n` : shortLine(at, event, fields))
  }
}

function shortLine(at: Date, event: string, fields: Fields = {}): string {
  const words = Object.entries(fields).map(([name, value]) => `  ${name}: ${value}`)
  return `${at.toTimeString().slice(0, 8)}  ${event}${words.join('')}\n`
}
