import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Real Chromium against the real program on every host. One file at a time: each starts processes of its own. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    include: ['tests/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
