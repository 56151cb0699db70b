import type { PropsWithChildren } from 'hono/jsx'
import { Icon, type IconName } from './icon'

export type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'mute'
type Look = { word: string; icon: IconName; tone: Tone }

/** A shape and a word; the colour comes third. The pill is for a page's head only. */
export const Status = ({ tone, icon, pill, children }: PropsWithChildren<{ tone: Tone; icon: IconName; pill?: boolean }>) => (
  <span class={`st${pill ? ' st-pill' : ''} is-${tone}`}>
    <Icon name={icon} />
    {children}
  </span>
)

/** Whether a blast would reach a person in a list. What most are is said quietly. */
export const ReachStatus = ({ texts }: { texts: 'yes' | 'opted_out' | 'suppressed' }) => {
  if (texts === 'opted_out') {
    return (
      <Status tone="warn" icon="barred">
        Opted out
      </Status>
    )
  }
  if (texts === 'suppressed') {
    return (
      <Status tone="bad" icon="failed">
        Number does not work
      </Status>
    )
  }
  return <span class="quiet">Can be texted</span>
}

const deliveryLooks = {
  queued: { word: 'Waiting', icon: 'waiting', tone: 'mute' },
  sending: { word: 'Sending', icon: 'sending', tone: 'info' },
  accepted: { word: 'Handed over', icon: 'accepted', tone: 'info' },
  sent: { word: 'On its way', icon: 'sent', tone: 'info' },
  delivered: { word: 'Delivered', icon: 'delivered', tone: 'ok' },
  undelivered: { word: 'Not delivered', icon: 'undelivered', tone: 'bad' },
  failed: { word: 'Failed', icon: 'failed', tone: 'bad' },
  skipped: { word: 'Skipped', icon: 'skipped', tone: 'mute' },
  unknown: { word: 'Checking', icon: 'unknown', tone: 'warn' },
} as const satisfies Record<string, Look>

const blastLooks = {
  held: { word: 'Held', icon: 'clock', tone: 'warn' },
  processing: { word: 'Sending', icon: 'sending', tone: 'info' },
  paused: { word: 'Paused', icon: 'pause', tone: 'bad' },
  sent: { word: 'Sent', icon: 'done', tone: 'ok' },
  failed: { word: 'Failed', icon: 'failed', tone: 'bad' },
  cancelled: { word: 'Cancelled', icon: 'cross', tone: 'mute' },
} as const satisfies Record<string, Look>

const scheduledLooks = {
  pending: { word: 'Waiting', icon: 'clock', tone: 'mute' },
  processing: { word: 'Sending', icon: 'sending', tone: 'info' },
  sent: { word: 'Sent', icon: 'done', tone: 'ok' },
  failed: { word: 'Failed', icon: 'failed', tone: 'bad' },
  expired: { word: 'Too late, not sent', icon: 'warning', tone: 'warn' },
  cancelled: { word: 'Cancelled', icon: 'cross', tone: 'mute' },
} as const satisfies Record<string, Look>

type DeliveryWord = keyof typeof deliveryLooks
type BlastWord = keyof typeof blastLooks
type ScheduledWord = keyof typeof scheduledLooks

const Drawn = ({ look, pill }: { look: Look; pill?: boolean }) => (
  <Status tone={look.tone} icon={look.icon} pill={pill}>
    {look.word}
  </Status>
)

export const DeliveryStatus = ({ status, pill }: { status: DeliveryWord; pill?: boolean }) => (
  <Drawn look={deliveryLooks[status]} pill={pill} />
)

export const BlastStatus = ({ status, pill }: { status: BlastWord; pill?: boolean }) => <Drawn look={blastLooks[status]} pill={pill} />

export const ScheduledStatus = ({ status, pill }: { status: ScheduledWord; pill?: boolean }) => (
  <Drawn look={scheduledLooks[status]} pill={pill} />
)
