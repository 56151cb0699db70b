import type { QrCode } from '../../src/second-factor/qr'
import type { FormState } from '../../src/web/form'
import { FaultSummary } from '../ui/fault-summary'
import { PageHead } from '../ui/head'
import { ProofFields } from './fields'

type Props = {
  form: FormState
  /** In base32. */
  secret: string
  /** `otpauth://…`, which a phone opens in its app. */
  address: string
  qr: QrCode
  username: string
}

export const SetUpPage = ({ form, secret, address, qr, username }: Props) => (
  <>
    <PageHead
      title="Set up a sign-in code"
      crumb={{ href: '/account/second-factor', label: 'Sign-in code' }}
      lede="You need an authenticator app on your phone: Google Authenticator, Microsoft Authenticator, 1Password or any other."
    />
    <FaultSummary form={form} before="before it is on" />
    <div class="stack narrow">
      <section class="card stack">
        <h2>1. Scan this with the app</h2>
        <Qr qr={qr} />
        <p class="only-phone">
          <a class="btn" href={address}>
            On this phone? Open it in the app
          </a>
        </p>
        <p>
          Or type this key: <code class="raw secret">{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </p>
      </section>
      <form class="card stack" method="post" action="/account/second-factor/set-up">
        <h2>2. Type what the app shows</h2>
        {/* Tells a password manager whose password it is. */}
        <input type="text" name="username" value={username} autocomplete="username" hidden readonly />
        <ProofFields form={form} hint="Six digits, new every 30 seconds." />
        <div class="row">
          <button class="btn btn-go" type="submit">
            Turn it on
          </button>
          <a class="btn btn-plain" href="/account/second-factor">
            Not now
          </a>
        </div>
      </form>
    </div>
  </>
)

/** Black on white in any light: cameras want it so. */
const Qr = ({ qr: { size, path } }: { qr: QrCode }) => (
  <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code of the key below" shape-rendering="crispEdges">
    <rect class="qr-paper" width={size} height={size} />
    <path class="qr-ink" d={path} />
  </svg>
)
