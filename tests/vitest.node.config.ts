import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  resolve: { alias: { '#host': resolve(import.meta.dirname, 'support/host.node.ts') } },
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: ['tests/browser/**', 'tests/chaos/**'],
    // No file leaves anything behind in a module; loading all of them anew for each would take twice as long.
    isolate: false,
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
