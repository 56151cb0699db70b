import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Against the program as it is built, as a process that is killed. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: { include: ['tests/chaos/**/*.test.ts'] },
})
