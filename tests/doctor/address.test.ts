import { describe, expect, it } from 'vitest'
import { type Answer, checkAddress } from '../../src/doctor/address'

const publicUrl = 'https://sms.example.org'
const production = { publicUrl, development: false, validateSignature: true, authToken: 'token' }
const development = { ...production, publicUrl: 'http://127.0.0.1:8787', development: true }

type Server = { health?: Answer; unsigned?: Answer; signed?: Answer }

async function look(setting: typeof production, { health, unsigned, signed }: Server = {}) {
  const asked: string[] = []
  const checks = await checkAddress(setting, {
    get: async (url) => {
      asked.push(url)
      return health ?? { status: 200, body: 'OK' }
    },
    post: async (url, _form, headers) => {
      asked.push(url)
      return headers['x-twilio-signature'] === 'signed' ? (signed ?? { status: 204, body: '' }) : (unsigned ?? { status: 403, body: '' })
    },
    sign: () => 'signed',
  })
  return { states: checks.map(({ name, state }) => `${name} ${state}`), mends: checks.map(({ mend }) => mend), asked }
}

describe('the public address', () => {
  it('that answers as this app does is in order', async () => {
    expect(await look(production)).toMatchObject({
      states: ['address ok', 'webhook ok'],
      asked: [`${publicUrl}/health`, `${publicUrl}/webhooks/twilio/status`, `${publicUrl}/webhooks/twilio/status`],
    })
  })

  it.each<[string, Server, string[]]>([
    ['does not answer', { health: { silent: 'ECONNREFUSED' } }, ['address fault']],
    ['is another program', { health: { status: 200, body: '<html>' } }, ['address fault']],
    ['takes what is not signed', { unsigned: { status: 204, body: '' } }, ['address ok', 'webhook fault']],
    ['refuses what is signed with our token', { signed: { status: 403, body: '' } }, ['address ok', 'webhook fault']],
  ])('that %s is not', async (_, server, states) => {
    expect((await look(production, server)).states).toEqual(states)
  })

  it('says what is to be mended', async () => {
    const mendOf = async (silent: string) => (await look(production, { health: { silent } })).mends[0]
    expect(await mendOf('ENOTFOUND')).toContain('DNS')
    expect(await mendOf('DEPTH_ZERO_SELF_SIGNED_CERT')).toContain('certbot')
    expect(await mendOf('UNABLE_TO_VERIFY_LEAF_SIGNATURE')).toContain('certbot')
    expect(await mendOf('CERT_HAS_EXPIRED')).toContain('certbot')
  })

  it('of this machine is a note in development, whether it answers or not, and a fault in production', async () => {
    expect((await look(development)).states).toEqual(['address note', 'webhook ok'])
    expect((await look(development, { health: { silent: 'ECONNREFUSED' } })).states).toEqual(['address note'])
    expect((await look({ ...production, publicUrl: development.publicUrl })).states).toEqual(['address fault'])
  })
})
