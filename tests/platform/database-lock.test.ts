import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownDatabase, shareDatabase } from '../../src/platform/database-lock'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sms-admin-lock-'))
  path = join(folder, 'app.sqlite')
})

afterEach(() => rmSync(folder, { recursive: true }))

describe('the lock of a database', () => {
  it('is shared by all who work on it, and theirs until the last lets go', () => {
    const [one, other] = [shareDatabase(path), shareDatabase(path)]
    expect(ownDatabase(path)).toBeNull()
    one?.release()
    expect(ownDatabase(path)).toBeNull()
    other?.release()
    const owned = ownDatabase(path)
    expect(owned).not.toBeNull()
    expect([shareDatabase(path), ownDatabase(path)]).toEqual([null, null])
    owned?.release()
    shareDatabase(path)?.release()
  })

  it('is nobody else’s on the machine to take', () => {
    shareDatabase(path)?.release()
    expect(statSync(`${path}.lock`).mode & 0o777).toBe(0o600)
  })
})
