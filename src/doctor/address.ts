import { type Check, fault, faultIf, note, ok } from './check'

export type Answer = { status: number; body: string } | { silent: string }

/** How the public address is asked; `sign` makes the provider's signature of a form posted to a URL. */
export type Asking = {
  get(url: string): Promise<Answer>
  post(url: string, form: Record<string, string>, headers: Record<string, string>): Promise<Answer>
  sign(url: string, form: Record<string, string>): string
}

type Setting = { publicUrl: string; development: boolean; validateSignature: boolean; authToken: string }

const mend = 'Check PUBLIC_URL, DNS, the proxy, and that the server runs.'
const mendCertificate = 'Twilio does not trust its certificate either: get one that browsers believe (certbot --nginx).'
/** Node's codes of a certificate that it refuses; the last one is of a chain without its middle. */
const distrusted = /CERT|LEAF_SIGNATURE/

/** Whether the provider reaches this app under its public address, as far as can be told from here; and that its webhook is guarded. */
export async function checkAddress(setting: Setting, asking: Asking): Promise<Check[]> {
  const { publicUrl, development } = setting
  const loopback = /^https?:\/\/(localhost|127\.|\[::1\])/.test(publicUrl)
  if (loopback && !development)
    return [
      fault('address', `PUBLIC_URL ${publicUrl} is this machine's own: Twilio cannot reach it.`, 'Set it to the public https address.'),
    ]
  const health = await asking.get(`${publicUrl}/health`)
  if ('silent' in health) {
    const how = distrusted.test(health.silent) ? mendCertificate : mend
    return [faultIf(!development, 'address', `${publicUrl} does not answer from here: ${health.silent}.`, how)]
  }
  if (health.status !== 200 || health.body.trim() !== 'OK')
    return [faultIf(!development, 'address', `${publicUrl}/health answers ${health.status}, not as this app does.`, mend)]
  const far = loopback
    ? note('address', `${publicUrl} answers. It is this machine's own: Twilio cannot reach it.`)
    : ok('address', `${publicUrl} answers.`)
  return [far, await checkWebhook(setting, asking)]
}

/** A status of no delivery: acknowledged, and nothing comes of it. */
const form = { MessageSid: 'SM00000000000000000000000000000000', MessageStatus: 'sent' }

async function checkWebhook({ publicUrl, validateSignature, authToken }: Setting, { post, sign }: Asking): Promise<Check> {
  const url = `${publicUrl}/webhooks/twilio/status`
  if (!validateSignature) return note('webhook', 'TWILIO_VALIDATE_SIGNATURE is 0: anybody can pretend to be Twilio.')
  const unsigned = await post(url, form, {})
  if (!('status' in unsigned) || unsigned.status !== 403) {
    const what = `The webhook answers ${'status' in unsigned ? unsigned.status : 'nothing'} to a request that is not signed, and not 403.`
    return fault('webhook', what, 'Look for another program or a proxy rule under /webhooks.')
  }
  if (authToken === '') return ok('webhook', 'It refuses what is not signed.')
  const signed = await post(url, form, { 'x-twilio-signature': sign(url, form) })
  if ('status' in signed && signed.status === 204) return ok('webhook', 'It refuses what is not signed and takes what is.')
  const what = `It answers ${'status' in signed ? signed.status : 'nothing'} to a request that is signed with TWILIO_AUTH_TOKEN.`
  return fault('webhook', what, 'The server there has another token or another PUBLIC_URL: restart it after a change.')
}
