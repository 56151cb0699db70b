/** The three throws that mean something to the reader; mapped to pages once, in web/errors.tsx. Everything else thrown is a bug. */
export class NotFound extends Error {}

export class Forbidden extends Error {}

/** A state that forbids it. The message is shown to staff: what is so, and what they can do. */
export class Conflict extends Error {}

/**
 * For the log: what it was, and where. The message of a database fault repeats the statement's parameters (names, phones, texts), its cause
 * does not.
 */
export function describeFault(fault: unknown): string {
  if (!(fault instanceof Error)) return 'something that is no error was thrown'
  const cause = fault.cause instanceof Error ? fault.cause : fault
  const message = fault === cause && fault.message.startsWith('Failed query') ? 'Failed query' : cause.message
  // The stack begins with the message.
  const where = (fault.stack ?? '').replace(fault.message, '').split('\n')
  return [`${cause.name}: ${message}`, ...where.filter((line) => /^\s+at /.test(line)).slice(0, 12)].join('\n')
}
