import type { Context } from 'hono'
import { formEntries } from '../web/form'

export type UploadedFile = { filename: string; bytes: Uint8Array }

/** The field `file` of a multipart body; null where no file was chosen. */
export async function readFile(c: Context): Promise<UploadedFile | null> {
  const file = (await formEntries(c)).find(([name]) => name === 'file')?.[1]
  // A browser sends an empty part without a name where nothing was chosen.
  if (!(file instanceof File) || (file.name === '' && file.size === 0)) return null
  return { filename: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
}
