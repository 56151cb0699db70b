import type { Deps } from '../deps'
import type { Receipt } from './receipts'
import type { Inbound } from './replies'

/** What Twilio's status callback would bring about. */
export async function applyReceipt(_deps: Deps, _receipt: Receipt): Promise<void> {}

/** What Twilio's inbound webhook would bring about. */
export async function receiveInbound(_deps: Deps, _inbound: Inbound): Promise<void> {}
