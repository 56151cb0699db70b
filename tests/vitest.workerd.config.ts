import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const migrations = resolve(import.meta.dirname, '../migrations')
const names = readdirSync(migrations).filter((name) => name.endsWith('.sql'))

/** The same tests inside workerd on D1, but for those of Node's own parts. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  plugins: [
    cloudflareTest({
      miniflare: {
        compatibilityDate: '2026-10-01',
        compatibilityFlags: ['nodejs_compat'],
        d1Databases: ['DB'],
        bindings: { MIGRATIONS: names.sort().map((name) => ({ name, sql: readFileSync(`${migrations}/${name}`, 'utf8') })) },
      },
    }),
  ],
  resolve: { alias: { '#host': resolve(import.meta.dirname, 'support/host.workerd.ts') } },
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: [
      'tests/browser/**',
      'tests/platform/**',
      'tests/simulation/**',
      'tests/cli/**',
      'tests/chaos/**',
      // Texts and numbers, without a database: the engine is V8 on both.
      'tests/sms/**',
      'tests/deliveries/crash-points.test.ts',
      'tests/architecture.test.ts',
      'tests/docs.test.ts',
      'tests/deploy/**',
      // What is recorded is the same wherever it is; how it is stored, tests/audit/only-grows.test.ts asks.
      'tests/audit/acts.test.ts',
    ],
    // One workerd for many files: a start for each takes longer than the tests.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
