import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readManifest, withDatabaseId } from '../../../src/cli/cloudflare/manifest'
import { type Found, planOf, type Step, wordsOf } from '../../../src/cli/cloudflare/plan'
import { faultsOf, settingsFor } from '../../../src/cli/cloudflare/settings'

const toml = readFileSync('wrangler.toml', 'utf8')
const manifest = readManifest(toml)
const uuid = '11111111-2222-3333-4444-555555555555'
const nothing: Found = { databases: [], queues: [], secrets: [] }
const everything: Found = { databases: [{ name: 'sms-admin', uuid }], queues: manifest.queues, secrets: ['SECRET_KEY', 'PUBLIC_URL'] }
const given = { names: ['SECRET_KEY', 'PUBLIC_URL'], rotate: false }

/** The steps by their words; a fault as it is. */
function words(found: Found, { id = null, rotate = false }: { id?: string | null; rotate?: boolean } = {}): string[] | string {
  const plan = planOf({ ...manifest, database: { ...manifest.database, id } }, found, { ...given, rotate })
  return plan.kind === 'steps' ? plan.steps.map((step: Step) => wordsOf(step)) : plan.fault
}

describe('the plan', () => {
  it('makes everything where there is nothing, tables before the program that needs them', () => {
    expect(words(nothing)).toEqual([
      'Create the D1 database sms-admin',
      'Write its id into wrangler.toml',
      'Create the queue sms-admin-jobs',
      'Create the queue sms-admin-jobs-dead',
      'Apply the migrations that sms-admin lacks',
      'Store the secrets SECRET_KEY, PUBLIC_URL',
      'Deploy the Worker sms-admin',
      'Ask /health',
    ])
  })

  it('makes nothing where everything is there', () => {
    expect(words(everything, { id: uuid })).toEqual([
      'Apply the migrations that sms-admin lacks',
      'Deploy the Worker sms-admin',
      'Ask /health',
    ])
  })

  it('makes what is missing of a half', () => {
    expect(words({ ...everything, queues: ['sms-admin-jobs'], secrets: ['PUBLIC_URL'] })).toEqual([
      `Write its id ${uuid} into wrangler.toml`,
      'Create the queue sms-admin-jobs-dead',
      'Apply the migrations that sms-admin lacks',
      'Store the secrets SECRET_KEY',
      'Deploy the Worker sms-admin',
      'Ask /health',
    ])
  })

  it('leaves secrets that are there, unless they are to be replaced', () => {
    expect(planOf(manifest, everything, given)).toMatchObject({ kept: ['SECRET_KEY', 'PUBLIC_URL'] })
    expect(words(everything, { rotate: true })).toContain('Store the secrets SECRET_KEY, PUBLIC_URL')
  })

  it.each([
    ['has none', nothing],
    [`has ${uuid}`, everything],
  ])('ends where wrangler.toml names a database of another account, and this one %s', (what, found) => {
    expect(words(found, { id: '99999999-2222-3333-4444-555555555555' })).toContain(what)
  })
})

describe('wrangler.toml', () => {
  it('has all that the app needs', () => {
    expect(manifest).toEqual({
      worker: 'sms-admin',
      database: { name: 'sms-admin', id: null },
      queues: ['sms-admin-jobs', 'sms-admin-jobs-dead'],
    })
  })

  it.each([
    ['binding = "DB"', '[[d1_databases]]'],
    ['migrations_dir = "migrations"', 'migrations_dir'],
    ['database_id = "00000000-0000-0000-0000-000000000000"', 'database_id'],
    ['binding = "JOBS"', '[[queues.producers]]'],
    ['[[queues.consumers]]\nqueue = "sms-admin-jobs"', '[[queues.consumers]]'],
    ['dead_letter_queue = "sms-admin-jobs-dead"', 'dead_letter_queue'],
    ['crons = ["* * * * *"]', '[triggers]'],
    ['"nodejs_compat"', 'nodejs_compat'],
    ['directory = "dist/assets"', '[assets]'],
  ])('is told what it lacks without %s', (line, what) => {
    expect(toml).toContain(line)
    expect(() => readManifest(toml.replace(line, ''))).toThrow(what)
  })

  it('gets the id, and keeps the rest', () => {
    expect(readManifest(withDatabaseId(toml, uuid)).database.id).toBe(uuid)
    expect(withDatabaseId(toml, uuid).replace(uuid, '')).toBe(toml.replace('00000000-0000-0000-0000-000000000000', ''))
  })
})

describe('settings', () => {
  const sound = { SECRET_KEY: 'k'.repeat(32), PUBLIC_URL: 'https://sms.example.org', SMS_PROVIDER: 'simulator', ADMIN_PASSWORD: 'p' }

  it('come from the environment before the file, without those of a server', () => {
    const file = {
      APP_ENV: 'development',
      PORT: '1',
      DATABASE_PATH: 'x',
      PUBLIC_URL: 'https://a.example.org',
      APP_TIMEZONE: 'UTC',
      EMPTY: '1',
    }
    expect(settingsFor(file, { PUBLIC_URL: 'https://b.example.org', HOME: '/root', QUIET_HOURS: '' })).toEqual({
      PUBLIC_URL: 'https://b.example.org',
      APP_TIMEZONE: 'UTC',
    })
  })

  it('are held to production’s rules', () => {
    expect(faultsOf(sound, [], true)).toEqual([])
    expect(faultsOf({ APP_TIMEZONE: 'Mars' }, [], true).map((fault) => fault.split(' ')[0])).toEqual([
      'APP_TIMEZONE',
      'SECRET_KEY',
      'PUBLIC_URL',
      'SMS_PROVIDER',
      'ADMIN_PASSWORD',
    ])
  })

  it('that the Worker has already are not asked for again', () => {
    expect(faultsOf({}, Object.keys(sound), false)).toEqual([])
    expect(faultsOf({}, ['SECRET_KEY', 'PUBLIC_URL', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM_NUMBER'], false)).toEqual([])
    expect(faultsOf({}, ['SECRET_KEY', 'PUBLIC_URL', 'TWILIO_ACCOUNT_SID'], false)).not.toEqual([])
  })

  it('ask for the first admin’s password where the database is new', () => {
    const { ADMIN_PASSWORD, ...without } = sound
    expect(faultsOf(without, [], true)).toEqual([expect.stringContaining('ADMIN_PASSWORD')])
    expect(faultsOf(without, [], false)).toEqual([])
  })
})
