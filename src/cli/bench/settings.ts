import { type Env, settingNames } from '../../config'

export const adminName = 'bench'
export const adminPassword = 'Bench-Only-Password-1'

/** Production's settings and no others: neither the environment nor `.dev.vars` of whoever runs a benchmark changes what is measured. */
export function benchEnv(settings: Env): Env {
  const unset = Object.fromEntries(settingNames.map((name) => [name, '']))
  return {
    ...unset,
    APP_ENV: 'production',
    SECRET_KEY: 'bench-'.repeat(8),
    PUBLIC_URL: 'https://sms.example.org',
    TRUSTED_HOSTS: '127.0.0.1',
    ADMIN_USERNAME: adminName,
    ADMIN_PASSWORD: adminPassword,
    SMS_PROVIDER: 'simulator',
    ...settings,
  }
}
