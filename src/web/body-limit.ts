import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'

/** Whoever sends more than this for nothing is not heard out. */
const mostDropped = 100 * 1024 * 1024

/** 413 for a body beyond `maxSize` bytes. */
export function limitBody(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new HTTPException(413)
    },
  })
}

/**
 * A body that nobody wanted (too large, signed out, wrong role) is read to its end and dropped before the answer leaves: many browsers
 * read nothing until all is sent, and show a connection that is closed on them as broken.
 */
export const hearOut = createMiddleware(async (c, next) => {
  await next()
  const { body, bodyUsed } = c.req.raw
  // A limit reads a body of unknown length by itself, and holds on to it.
  if (bodyUsed || !body || body.locked) return
  const reader = body.getReader()
  let dropped = 0
  try {
    for (let part = await reader.read(); !part.done && dropped <= mostDropped; part = await reader.read()) dropped += part.value.length
  } catch {
    // Gone while sending: nobody is left to answer.
  }
})
