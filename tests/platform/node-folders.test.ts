import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolders } from '../../src/platform/node-folders'

it('makes a folder and those above it for us alone, and leaves one that is there', () => {
  const root = mkdtempSync(join(tmpdir(), 'sms-admin-folders-'))
  try {
    const path = join(root, 'a/b/c')
    makeFolders(path)
    makeFolders(path)
    expect([join(root, 'a'), path].map((each) => statSync(each).mode & 0o777)).toEqual([0o700, 0o700])
  } finally {
    rmSync(root, { recursive: true })
  }
})

it('ends where the system refuses', () => {
  expect(() => makeFolders('/proc/none/at/all')).toThrow('ENOENT')
})
