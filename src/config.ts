import { IANAZone } from 'luxon'
import * as z from 'zod'

/** Settings as the environment or `.dev.vars` gives them; docs/configuration.md explains each. */
export type Env = Record<string, string | undefined>

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

const text = z.string().trim()
const optional = text.default('')
const textOr = (fallback: string) => optional.transform((value) => value || fallback)
const whole = (fallback: number, min: number, max: number) =>
  z.preprocess(
    (value) => (value === undefined || value === '' ? fallback : value),
    z.coerce.number('is not a number').int('is not a whole number').min(min, `is below ${min}`).max(max, `is above ${max}`),
  )
const decimal = (fallback: number, min: number, max: number) =>
  z.preprocess(
    (value) => (value === undefined || value === '' ? fallback : value),
    z.coerce.number('is not a number').min(min, `is below ${min}`).max(max, `is above ${max}`),
  )
const flag = (fallback: '0' | '1') =>
  z
    .preprocess((value) => (value === undefined || value === '' ? fallback : value), z.enum(['0', '1'], 'is neither 0 nor 1'))
    .transform((v) => v === '1')
const oneOf = <T extends [string, ...string[]]>(values: T, fallback?: T[number]) =>
  z.preprocess((value) => (value === '' ? fallback : (value ?? fallback)), z.enum(values, `is not one of ${values.join(', ')}`))
const zone = text.refine((name) => IANAZone.isValidZone(name), 'is not an IANA time zone such as America/Denver')
const url = text
  .refine((value) => /^https?:\/\/[^/?#]+\/?$/.test(value), 'is not an address such as https://sms.example.org')
  .transform((v) => v.replace(/\/$/, ''))

const settings = z.object({
  APP_ENV: oneOf(['production', 'development'], 'production'),
  HOST: textOr('127.0.0.1'),
  PORT: whole(8787, 0, 65535),
  PUBLIC_URL: z.preprocess((value) => (value === '' ? undefined : value), url.optional()),
  SECRET_KEY: optional,
  SECRET_KEY_PREVIOUS: optional,
  ADMIN_USERNAME: textOr('admin'),
  ADMIN_PASSWORD: z.string().default(''),
  ADMIN_TEST_PHONE: optional,
  DATABASE_PATH: textOr('data/sms-admin.sqlite'),
  WORKERD_DATA_DIR: textOr('data/workerd'),
  SMS_PROVIDER: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.enum(['twilio', 'simulator'], 'is neither twilio nor simulator').optional(),
  ),
  TWILIO_ACCOUNT_SID: optional,
  TWILIO_AUTH_TOKEN: optional,
  TWILIO_FROM_NUMBER: optional,
  TWILIO_MESSAGING_SERVICE_SID: optional,
  TWILIO_API_BASE_URL: z.preprocess((value) => value || 'https://api.twilio.com', url),
  TWILIO_VALIDATE_SIGNATURE: flag('1'),
  SEND_CONCURRENCY: z.preprocess((value) => (value === '' ? undefined : value), whole(0, 0, 500)),
  SEND_RATE_PER_SECOND: decimal(0, 0, 10_000),
  SEND_TIMEOUT_SECONDS: decimal(15, 0.1, 600),
  SEND_LEASE_SECONDS: decimal(60, 1, 3600),
  // What the provider has may be missing from its list for a moment: at once is never late enough.
  RECONCILE_GRACE_SECONDS: decimal(120, 1, 86_400),
  SEND_HOLD_SECONDS: decimal(15, 0, 3600),
  SCHEDULED_MESSAGE_MAX_LAG: whole(1440, 1, 100_000),
  APP_TIMEZONE: z.preprocess((value) => value || 'UTC', zone),
  QUIET_HOURS: text
    .default('21:00-09:00')
    .refine((value) => value === '' || /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/.test(value), 'is not like 21:00-09:00'),
  QUIET_HOURS_BLOCK: flag('0'),
  PRICE_PER_PART: decimal(0.0125, 0, 100),
  SESSION_IDLE_TIMEOUT_MINUTES: decimal(30, 1, 10_080),
  REMEMBER_COOKIE_DURATION_DAYS: decimal(7, 0, 365),
  PASSWORD_HISTORY_COUNT: whole(3, 0, 50),
  AUTH_EVENT_RETENTION_DAYS: whole(180, 1, 10_000),
  AUTH_ATTEMPT_WINDOW_SECONDS: whole(300, 1, 86_400),
  AUTH_LOCKOUT_SECONDS: whole(600, 1, 86_400),
  AUTH_MAX_ATTEMPTS_IP_ACCOUNT: whole(5, 1, 1000),
  AUTH_MAX_ATTEMPTS_ACCOUNT: whole(8, 1, 1000),
  AUTH_MAX_ATTEMPTS_IP: whole(30, 1, 10_000),
  AUTH_PASSWORD_MIN_LENGTH: whole(12, 8, 128),
  REQUIRE_SECOND_FACTOR: flag('0'),
  TRUST_PROXY: flag('0'),
  TRUSTED_HOSTS: optional,
})

export const settingNames = Object.keys(settings.shape)

/** Every fault at once, a line each, named by its setting. */
export class ConfigFault extends Error {
  readonly faults: string[]
  constructor(faults: string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

export type Config = ReturnType<typeof readConfig>

/**
 * Settings → Config, once at start. `host` decides two defaults: requests in flight (Workers open 6 at a time) and the public address.
 * Throws ConfigFault with every fault.
 */
export function readConfig(env: Env, host: 'node' | 'workers') {
  const given = Object.fromEntries(settingNames.map((name) => [name, typeof env[name] === 'string' ? env[name] : undefined]))
  const issues = settings.safeParse(given).error?.issues ?? []
  const faults = issues.map((issue) => `${String(issue.path[0])} ${issue.message}.`)
  // What is wrong by itself counts as unset below, so that the rules between settings are checked in the same go.
  const wrong = new Set(issues.map((issue) => String(issue.path[0])))
  const s = settings.parse({ ...given, ...Object.fromEntries([...wrong].map((name) => [name, undefined])) })
  const development = s.APP_ENV === 'development'
  const provider = s.SMS_PROVIDER ?? (s.TWILIO_ACCOUNT_SID !== '' && s.TWILIO_AUTH_TOKEN !== '' ? 'twilio' : 'simulator')
  const publicUrl = s.PUBLIC_URL ?? `http://${s.HOST.includes(':') ? `[${s.HOST}]` : s.HOST}:${s.PORT}`

  if (s.SECRET_KEY.length < 32) faults.push('SECRET_KEY has fewer than 32 characters. `openssl rand -hex 32` makes one.')
  if (/^(change|default|secret|example)/i.test(s.SECRET_KEY))
    faults.push('SECRET_KEY is an example, not a secret. `openssl rand -hex 32` makes one.')
  if (s.SECRET_KEY_PREVIOUS !== '' && s.SECRET_KEY_PREVIOUS.length < 32)
    faults.push('SECRET_KEY_PREVIOUS has fewer than 32 characters: it is the SECRET_KEY from before, whole, or nothing.')
  if (!development && s.PUBLIC_URL === undefined)
    faults.push('PUBLIC_URL is missing: the address under which Twilio and your staff reach this app.')
  if (!development && s.SMS_PROVIDER === undefined && provider === 'simulator')
    faults.push('SMS_PROVIDER is missing: set the Twilio credentials, or SMS_PROVIDER=simulator to send nothing for real.')
  if (!development && !s.TWILIO_VALIDATE_SIGNATURE) faults.push('TWILIO_VALIDATE_SIGNATURE=0 is allowed in development only.')
  if (provider === 'twilio') {
    if (s.TWILIO_ACCOUNT_SID === '') faults.push('TWILIO_ACCOUNT_SID is missing.')
    if (s.TWILIO_AUTH_TOKEN === '') faults.push('TWILIO_AUTH_TOKEN is missing.')
    if (s.TWILIO_FROM_NUMBER === '' && s.TWILIO_MESSAGING_SERVICE_SID === '')
      faults.push('TWILIO_FROM_NUMBER or TWILIO_MESSAGING_SERVICE_SID is missing: the sender of every text.')
  }
  if (s.TWILIO_FROM_NUMBER !== '' && !/^(\+[1-9]\d{6,14}|\d{3,8})$/.test(s.TWILIO_FROM_NUMBER))
    faults.push('TWILIO_FROM_NUMBER is not a number such as +13236300201.')
  if (s.ADMIN_TEST_PHONE !== '' && !/^\+[1-9]\d{6,14}$/.test(s.ADMIN_TEST_PHONE))
    faults.push('ADMIN_TEST_PHONE is not a number such as +13235550100.')
  if (s.SEND_LEASE_SECONDS <= s.SEND_TIMEOUT_SECONDS) faults.push('SEND_LEASE_SECONDS must be longer than SEND_TIMEOUT_SECONDS.')
  if (faults.length > 0) throw new ConfigFault(faults.filter((fault, at) => at < issues.length || !wrong.has(fault.split(/[ =]/)[0] ?? '')))

  const trustedHosts = s.TRUSTED_HOSTS.split(/[\s,]+/).filter((name) => name !== '')
  return {
    development,
    host: s.HOST,
    port: s.PORT,
    publicUrl,
    secretKey: s.SECRET_KEY,
    /** Believed, and never used for anything new. */
    previousSecretKeys: s.SECRET_KEY_PREVIOUS === '' ? [] : [s.SECRET_KEY_PREVIOUS],
    adminUsername: s.ADMIN_USERNAME,
    adminPassword: s.ADMIN_PASSWORD,
    adminTestPhone: s.ADMIN_TEST_PHONE,
    databasePath: s.DATABASE_PATH,
    workerdDataDir: s.WORKERD_DATA_DIR,
    provider,
    twilio: {
      accountSid: s.TWILIO_ACCOUNT_SID,
      authToken: s.TWILIO_AUTH_TOKEN,
      from: s.TWILIO_FROM_NUMBER,
      messagingServiceSid: s.TWILIO_MESSAGING_SERVICE_SID,
      baseUrl: s.TWILIO_API_BASE_URL,
      validateSignature: s.TWILIO_VALIDATE_SIGNATURE,
    },
    sending: {
      concurrency: s.SEND_CONCURRENCY || (host === 'workers' ? 6 : 20),
      ratePerSecond: s.SEND_RATE_PER_SECOND,
      timeoutMs: s.SEND_TIMEOUT_SECONDS * 1000,
      leaseMs: s.SEND_LEASE_SECONDS * 1000,
      reconcileGraceMs: s.RECONCILE_GRACE_SECONDS * 1000,
      holdMs: s.SEND_HOLD_SECONDS * 1000,
    },
    scheduledMaxLagMs: s.SCHEDULED_MESSAGE_MAX_LAG * 60_000,
    timeZone: s.APP_TIMEZONE,
    quietHours: s.QUIET_HOURS,
    quietHoursBlock: s.QUIET_HOURS_BLOCK,
    pricePerPart: s.PRICE_PER_PART,
    auth: {
      idleMs: s.SESSION_IDLE_TIMEOUT_MINUTES * 60_000,
      rememberMs: s.REMEMBER_COOKIE_DURATION_DAYS * 86_400_000,
      passwordHistoryCount: s.PASSWORD_HISTORY_COUNT,
      eventRetentionMs: s.AUTH_EVENT_RETENTION_DAYS * 86_400_000,
      attemptWindowMs: s.AUTH_ATTEMPT_WINDOW_SECONDS * 1000,
      lockoutMs: s.AUTH_LOCKOUT_SECONDS * 1000,
      maxAttemptsAddressAccount: s.AUTH_MAX_ATTEMPTS_IP_ACCOUNT,
      maxAttemptsAccount: s.AUTH_MAX_ATTEMPTS_ACCOUNT,
      maxAttemptsAddress: s.AUTH_MAX_ATTEMPTS_IP,
      passwordMinLength: s.AUTH_PASSWORD_MIN_LENGTH,
      requireSecondFactor: s.REQUIRE_SECOND_FACTOR,
    },
    trustProxy: s.TRUST_PROXY,
    /** Host headers answered; in development loopback names and IP addresses too. */
    trustedHosts: [new URL(publicUrl).host, ...trustedHosts, ...(development ? loopbackHosts : [])],
  }
}
