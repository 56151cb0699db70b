import type { OwnFactor } from '../../src/second-factor/second-factor'
import { AccountLinks } from '../account/links'
import { day, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Note } from '../ui/note'
import { Status } from '../ui/status'

type Props = {
  factor: OwnFactor | null
  /** Every other page is shut until there is one. */
  required: boolean
  now: number
  timeZone: string
}

const few = 3

export const SecondFactorPage = ({ factor, required, now, timeZone }: Props) => (
  <>
    <PageHead
      title="Sign-in code"
      lede="After your password, six digits from an app on your phone. Whoever learns your password still does not get in."
      status={factor ? <On since={day(factor.since, { timeZone, now })} /> : <Off />}
      acts={factor || !required ? <AccountLinks here="/account/second-factor" /> : undefined}
    />
    <div class="stack narrow">{factor ? <Have left={factor.codesLeft} required={required} /> : <Begin required={required} />}</div>
  </>
)

const On = ({ since }: { since: string }) => (
  <Status tone="ok" icon="done" pill>
    On since {since}
  </Status>
)

const Off = () => (
  <Status tone="mute" icon="cross" pill>
    Off
  </Status>
)

const Begin = ({ required }: { required: boolean }) => (
  <>
    {required ? (
      <Note kind="warn" fact="Set this up first.">
        Everybody here signs in with a code. Everything else opens once yours is on.
      </Note>
    ) : null}
    <form class="card stack" method="post" action="/account/second-factor/begin">
      <p>It takes two minutes. Have your phone and your password at hand.</p>
      <button class="btn btn-go" type="submit">
        Set it up
      </button>
    </form>
  </>
)

const Have = ({ left, required }: { left: number; required: boolean }) => (
  <>
    <section class="card stack">
      <h2>Recovery codes</h2>
      {left <= few ? (
        <Note kind="warn" fact={left === 0 ? 'None are left.' : `Only ${plural(left, 'code')} left.`}>
          Without them a lost phone keeps you out until an admin helps.
        </Note>
      ) : (
        <p>
          <strong>{plural(left, 'code')} left.</strong> Each signs you in once without your phone.
        </p>
      )}
      <div class="row">
        <a class={left <= few ? 'btn btn-go' : 'btn'} href="/account/second-factor/recovery-codes">
          Make new recovery codes
        </a>
      </div>
    </section>
    <section class="card stack">
      <h2>A new phone, or none any more?</h2>
      <p>
        {required
          ? 'Turn it off, then set it up again at once: everybody here signs in with a code.'
          : 'Turn it off here. For a new phone, set it up again after that.'}
      </p>
      <div class="row">
        <a class="btn" href="/account/second-factor/turn-off">
          Turn it off
        </a>
      </div>
    </section>
  </>
)
