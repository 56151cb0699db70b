import { PageHead } from '../ui/head'
import { Note } from '../ui/note'

type Props = {
  codes: readonly string[]
  /** The sign-in code was turned on just now. */
  fresh: boolean
}

export const RecoveryCodesPage = ({ codes, fresh }: Props) => (
  <>
    <PageHead
      title="Keep these recovery codes"
      lede={
        fresh
          ? 'Your sign-in code is on, and you are signed out in every other browser. Should your phone be lost, one of these signs you in instead.'
          : 'Should your phone be lost, one of these signs you in instead of the code. The ones from before no longer work.'
      }
    />
    <div class="stack narrow">
      <Note kind="warn" fact="You see them this once.">
        Print them, or put them in your password manager, not on the phone itself. Each works once.
      </Note>
      <section class="card stack" aria-label="Recovery codes">
        <pre class="codes">{codes.join('\n')}</pre>
        <div class="row">
          <a class="btn btn-go" href="/dashboard">
            I have kept them
          </a>
        </div>
      </section>
    </div>
  </>
)
