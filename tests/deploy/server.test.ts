import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/* What deploy/ brings to a server, and what docs/ says of it. */
const read = (path: string) => readFileSync(path, 'utf8')
const units = readdirSync('deploy/systemd')
const services = units.filter((name) => name.endsWith('.service'))
const nginx = read('deploy/nginx.conf')
const deployment = read('docs/deployment.md')

describe('the systemd units', () => {
  it.each(services)('%s runs with its settings, as nobody else, and writes to the data only', (name) => {
    const unit = read(join('deploy/systemd', name))
    for (const line of [
      'User=smsadmin',
      'EnvironmentFile=/etc/sms-admin/sms-admin.env',
      'ReadWritePaths=/var/lib/sms-admin',
      'ProtectSystem=strict',
      'NoNewPrivileges=yes',
      'CapabilityBoundingSet=',
      'UMask=0077',
      'SystemCallFilter=@system-service',
    ])
      expect(unit.split('\n')).toContain(line)
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute/m)
  })

  it('are hardened alike', () => {
    const hardening = services.map((name) =>
      read(join('deploy/systemd', name))
        .match(/^UMask=0077\n[^[]*/m)?.[0]
        .trim(),
    )
    expect(new Set(hardening).size).toBe(1)
  })

  it.each(['server', 'start-workerd'])('leave %s the time that it takes to end', (program) => {
    const source = read(program === 'server' ? 'src/server.ts' : `src/cli/${program}.ts`)
    const drainSeconds = Number(source.match(/drainMs = ([\d_]+)/)?.[1]?.replace('_', '')) / 1000
    const unit = services.map((name) => read(join('deploy/systemd', name))).find((text) => text.includes(`dist/${program}.js`))
    expect(Number(unit?.match(/^TimeoutStopSec=(\d+)$/m)?.[1])).toBeGreaterThan(drainSeconds)
  })
})

describe('the nginx site', () => {
  const blocks = (start: string) => nginx.slice(nginx.indexOf(start)).split('\n    }')[0] ?? ''

  it('replaces the address that a client gives itself', () => {
    expect(nginx).toContain('proxy_set_header X-Forwarded-For $remote_addr;')
    expect(nginx).not.toContain('$proxy_add_x_forwarded_for')
  })

  it('leaves it to the app to say what is too large', () => {
    const maxMegabytes = Number(read('src/app.tsx').match(/maxUploadBytes = (\d+) \* 1024 \* 1024/)?.[1])
    expect(Number(nginx.match(/client_max_body_size (\d+)m;/)?.[1])).toBeGreaterThan(maxMegabytes)
  })

  it.each(['location /webhooks/ {', 'location = /health {'])('%s stays outside a basic auth', (start) => {
    expect(blocks(start)).toContain('auth_basic off;')
  })

  it('logs no query', () => {
    const format = nginx.match(/log_format sms_admin '(.*)';/)?.[1] ?? ''
    expect(format).toContain('$sms_admin_path')
    expect(format).not.toMatch(/\$request(_uri)?\b(?!_)|\$args|\$query_string|\$http_referer/)
    const logs = [...nginx.matchAll(/^\s*access_log (.*);$/gm)].map(([, value]) => value)
    expect(new Set(logs)).toEqual(new Set(['/var/log/nginx/sms-admin.log sms_admin', 'off']))
  })
})

describe('docs', () => {
  it.each([...units.filter((name) => !/sms-(scheduler|backup)\.service/.test(name)), 'deploy/nginx.conf', 'deploy/install.sh'])(
    'deployment.md names %s',
    (name) => {
      expect(deployment).toContain(name)
    },
  )

  it.each(['deployment.md', 'troubleshooting.md'])('README.md links %s', (name) => {
    expect(read('README.md')).toContain(`docs/${name}`)
  })

  it('deployment.md explains every option of the installer and every word of sms-admin', () => {
    const options = [...read('deploy/install.sh').matchAll(/^ {4}(--[a-z-]+)/gm)].map(([, name]) => name ?? '')
    expect(options.length).toBeGreaterThan(2)
    const words = [...read('deploy/vps/sms-admin').matchAll(/^ {2}([a-z]+)\) /gm)].map(([, name]) => name ?? '')
    expect(words).toContain('backup')
    for (const name of [...options, ...words].filter((each) => each !== '--help')) expect(deployment).toMatch(new RegExp(`${name}\\b`))
  })

  it('troubleshooting.md quotes what the program says', () => {
    const program = ['src', 'templates', 'deploy']
      .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
      .filter((name) => /\.(tsx?|mjs|sh)$/.test(name))
      .map(read)
      .join('\n')
    const symptoms = read('docs/troubleshooting.md')
      .split('\n')
      .flatMap((line) => line.match(/^\| (.*?) \|/)?.[1] ?? [])
    const quotes = symptoms.flatMap((cell) => [...cell.matchAll(/[`"]([^`"]+)[`"]/g)].map(([, quote]) => quote ?? ''))
    const ofOthers = /^(status=|systemctl|nginx)/
    const pieces = quotes.filter((quote) => !ofOthers.test(quote)).flatMap((quote) => quote.replace(/^(FAULT|note) \w+/, '').split('…'))
    const sentences = pieces.map((piece) => piece.trim().replace(/\.$/, '')).filter((piece) => piece.split(' ').length > 2)
    expect(sentences.length).toBeGreaterThan(20)
    expect(sentences.filter((sentence) => !program.includes(sentence))).toEqual([])
  })
})
