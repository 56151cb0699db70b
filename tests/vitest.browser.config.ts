import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Real Chromium against the real program on every host. Two files at a time: much of each is waiting for processes of its own. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  resolve: { alias: { '#host': resolve(import.meta.dirname, 'support/host.node.ts') } },
  test: {
    include: ['tests/browser/**/*.test.ts'],
    maxWorkers: 2,
    // Of tests that run at the same time: one for each core of the smallest machine of ours, and one that waits.
    maxConcurrency: 3,
    testTimeout: 60_000,
    hookTimeout: 240_000,
  },
})
