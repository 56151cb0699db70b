/** What the account at the fake Twilio has; tests change it. */
export type FakeAccount = {
  status: 'active' | 'suspended' | 'closed'
  type: 'Full' | 'Trial'
  numbers: { phone: string; sms: boolean; smsUrl: string }[]
  services: { sid: string; inboundUrl: string }[]
}

export const freshAccount = (): FakeAccount => ({ status: 'active', type: 'Full', numbers: [], services: [] })

/** The answer to a GET of the account, its numbers or a messaging service; null for any other path. */
export function readFakeAccount(account: FakeAccount, accountSid: string, url: URL): { status: number; body: object } | null {
  const path = `/2010-04-01/Accounts/${accountSid}`
  if (url.pathname === `${path}.json`) return { status: 200, body: { sid: accountSid, status: account.status, type: account.type } }
  if (url.pathname === `${path}/IncomingPhoneNumbers.json`) {
    const found = account.numbers.filter(({ phone }) => phone === url.searchParams.get('PhoneNumber'))
    const numbers = found.map(({ phone, sms, smsUrl }) => ({ phone_number: phone, capabilities: { sms, voice: true }, sms_url: smsUrl }))
    return { status: 200, body: { incoming_phone_numbers: numbers } }
  }
  const sid = url.pathname.match(/^\/v1\/Services\/(\w+)$/)?.[1]
  if (!sid) return null
  const service = account.services.find((one) => one.sid === sid)
  if (!service) return { status: 404, body: { code: 20404, status: 404 } }
  return { status: 200, body: { sid, inbound_request_url: service.inboundUrl, use_inbound_webhook_on_number: false } }
}
