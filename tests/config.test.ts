import { describe, expect, it } from 'vitest'
import { ConfigFault, type Env, readConfig, settingNames } from '../src/config'

const key = 'k'.repeat(32)
const development: Env = { APP_ENV: 'development', SECRET_KEY: key }
const production: Env = { SECRET_KEY: key, PUBLIC_URL: 'https://sms.example.org', SMS_PROVIDER: 'simulator' }

function faultsOf(env: Env): string[] {
  try {
    readConfig(env, 'node')
  } catch (fault) {
    if (fault instanceof ConfigFault) return fault.faults
    throw fault
  }
  return []
}

/** The setting that each fault names first. */
const namesOf = (env: Env) => faultsOf(env).map((fault) => fault.split(/[ =]/)[0])

describe('faults', () => {
  it('are all told at once, each by the name of its setting, those between settings too', () => {
    const env = { ...development, SECRET_KEY: 'short', PORT: 'abc', SEND_LEASE_SECONDS: '10', APP_TIMEZONE: 'Denver', TRUST_PROXY: 'yes' }
    expect(namesOf(env).sort()).toEqual(['APP_TIMEZONE', 'PORT', 'SECRET_KEY', 'SEND_LEASE_SECONDS', 'TRUST_PROXY'])
  })

  it('name a setting once', () => {
    expect(namesOf({ ...production, SMS_PROVIDER: 'pigeon' })).toEqual(['SMS_PROVIDER'])
  })

  it.each([
    ['PORT', '70000'],
    ['PORT', '80.5'],
    ['PUBLIC_URL', 'sms.example.org'],
    ['PUBLIC_URL', 'https://sms.example.org/path'],
    ['TWILIO_API_BASE_URL', 'ftp://x'],
    ['SEND_CONCURRENCY', '-1'],
    ['SEND_RATE_PER_SECOND', 'fast'],
    ['SEND_HOLD_SECONDS', '-1'],
    ['SCHEDULED_MESSAGE_MAX_LAG', '0'],
    ['APP_TIMEZONE', 'Mars/Olympus'],
    ['QUIET_HOURS', '9pm-9am'],
    ['PRICE_PER_PART', '-0.01'],
    ['AUTH_PASSWORD_MIN_LENGTH', '4'],
    ['TRUST_PROXY', 'true'],
    ['SECRET_KEY_PREVIOUS', 'k'.repeat(31)],
    ['ADMIN_TEST_PHONE', '323-630-0201'],
    ['TWILIO_FROM_NUMBER', '(323) 630-0201'],
    ['APP_ENV', 'staging'],
  ])('%s=%s is refused', (name, value) => {
    expect(namesOf({ ...development, [name]: value })).toContain(name)
  })
})

describe('SECRET_KEY', () => {
  it('is needed, and long', () => {
    expect(namesOf({ APP_ENV: 'development' })).toEqual(['SECRET_KEY'])
    expect(namesOf({ ...development, SECRET_KEY: 'k'.repeat(31) })).toEqual(['SECRET_KEY'])
  })

  it('is no example', () => {
    expect(namesOf({ ...development, SECRET_KEY: 'change-me-change-me-change-me-change-me' })).toEqual(['SECRET_KEY'])
  })

  it('is never quoted in a fault', () => {
    expect(faultsOf({ ...development, SECRET_KEY: 'secret-abc' }).join()).not.toContain('secret-abc')
  })
})

it('an unknown text is never taken for absent at once', () => {
  expect(faultsOf({ ...development, RECONCILE_GRACE_SECONDS: '0' })).toEqual(['RECONCILE_GRACE_SECONDS is below 1.'])
})

describe('production', () => {
  it('is the default', () => {
    expect(readConfig(production, 'node').development).toBe(false)
  })

  it('needs the public address, and the simulator by name', () => {
    expect(namesOf({ SECRET_KEY: key }).sort()).toEqual(['PUBLIC_URL', 'SMS_PROVIDER'])
  })

  it('insists on signatures', () => {
    expect(namesOf({ ...production, TWILIO_VALIDATE_SIGNATURE: '0' })).toEqual(['TWILIO_VALIDATE_SIGNATURE'])
    expect(readConfig({ ...development, TWILIO_VALIDATE_SIGNATURE: '0' }, 'node').twilio.validateSignature).toBe(false)
  })

  it('answers to its public name and to TRUSTED_HOSTS only', () => {
    const config = readConfig({ ...production, TRUSTED_HOSTS: 'a.example, b.example:8443' }, 'node')
    expect(config.trustedHosts).toEqual(['sms.example.org', 'a.example', 'b.example:8443'])
  })
})

describe('the provider', () => {
  const account = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'token' }

  it('is the simulator without credentials, and Twilio with them', () => {
    expect(readConfig(development, 'node').provider).toBe('simulator')
    expect(readConfig({ ...development, ...account, TWILIO_FROM_NUMBER: '+13236300201' }, 'node').provider).toBe('twilio')
  })

  it('can be the simulator in spite of credentials', () => {
    expect(readConfig({ ...development, ...account, SMS_PROVIDER: 'simulator' }, 'node').provider).toBe('simulator')
  })

  it('Twilio needs a sender: a number, a short code or a messaging service', () => {
    expect(namesOf({ ...development, ...account })).toEqual(['TWILIO_FROM_NUMBER'])
    expect(namesOf({ ...development, ...account, TWILIO_FROM_NUMBER: '55512' })).toEqual([])
    expect(namesOf({ ...development, ...account, TWILIO_MESSAGING_SERVICE_SID: 'MG1' })).toEqual([])
  })

  it('Twilio by name tells all that it lacks', () => {
    expect(namesOf({ ...development, SMS_PROVIDER: 'twilio' })).toEqual(['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM_NUMBER'])
  })
})

describe('defaults', () => {
  const config = readConfig(development, 'node')

  it('are those of the table', () => {
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8787,
      publicUrl: 'http://127.0.0.1:8787',
      adminUsername: 'admin',
      databasePath: 'data/sms-admin.sqlite',
      workerdDataDir: 'data/workerd',
      sending: { concurrency: 20, ratePerSecond: 0, timeoutMs: 15_000, leaseMs: 60_000, reconcileGraceMs: 120_000, holdMs: 15_000 },
      scheduledMaxLagMs: 86_400_000,
      timeZone: 'UTC',
      quietHours: '21:00-09:00',
      pricePerPart: 0.0125,
      trustProxy: false,
    })
    expect(config.auth).toMatchObject({ idleMs: 1_800_000, rememberMs: 604_800_000, passwordHistoryCount: 3, passwordMinLength: 12 })
    expect(config.auth).toMatchObject({ attemptWindowMs: 300_000, lockoutMs: 600_000 })
    expect(config.auth).toMatchObject({ maxAttemptsAddressAccount: 5, maxAttemptsAccount: 8, maxAttemptsAddress: 30 })
  })

  it('keep within what a Worker may open at once', () => {
    expect(readConfig(development, 'workers').sending.concurrency).toBe(6)
    expect(readConfig({ ...development, SEND_CONCURRENCY: '3' }, 'workers').sending.concurrency).toBe(3)
  })

  it('hold for a setting that is there but empty, as in a copied example', () => {
    const empty = Object.fromEntries(settingNames.map((name) => [name, '']))
    // Empty quiet hours are none.
    expect(readConfig({ ...empty, ...development }, 'node')).toEqual({ ...config, quietHours: '' })
  })

  it('make an address of an IPv6 host', () => {
    expect(readConfig({ ...development, HOST: '::1', PORT: '80' }, 'node').publicUrl).toBe('http://[::1]:80')
  })

  it('take the slash off a public address', () => {
    expect(readConfig({ ...production, PUBLIC_URL: 'https://sms.example.org/' }, 'node').publicUrl).toBe('https://sms.example.org')
  })
})
