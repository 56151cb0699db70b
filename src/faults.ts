/** The three throws that mean something to the reader; mapped to pages once, in web/errors.tsx. Everything else thrown is a bug. */
export class NotFound extends Error {}

export class Forbidden extends Error {}

/** A state that forbids it. The message is shown to staff: what is so, and what they can do. */
export class Conflict extends Error {}
