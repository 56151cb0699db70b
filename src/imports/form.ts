import type { Context } from 'hono'

export type UploadedFile = { filename: string; bytes: Uint8Array }

/** The field `file` of a multipart body; null where no file was chosen. */
export async function readFile(c: Context): Promise<UploadedFile | null> {
  const file = await fileField(c)
  // A browser sends an empty part without a name where nothing was chosen.
  if (!(file instanceof File) || (file.name === '' && file.size === 0)) return null
  return { filename: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
}

async function fileField(c: Context): Promise<unknown> {
  if (!/^multipart\/form-data\b/i.test(c.req.header('content-type') ?? '')) return null
  try {
    return (await c.req.formData()).get('file')
  } catch {
    return null
  }
}
