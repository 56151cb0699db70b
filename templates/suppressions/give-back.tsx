import type { BlockRow } from '../../src/suppressions/queries'
import type { FormState } from '../../src/web/form'
import { FaultSummary } from '../ui/fault-summary'
import { Field } from '../ui/field'
import { formatPhone, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Note } from '../ui/note'

type Props = { action: string; blocks: BlockRow[]; form: FormState }

const namesShown = 20
const called = ({ name, phone }: Pick<BlockRow, 'name' | 'phone'>) => name || formatPhone(phone)

/** What giving back means for each kind, why it is asked, and who alone can where staff cannot. */
export const GiveBackPage = ({ action, blocks, form }: Props) => {
  const theirs = blocks.filter(({ nature }) => nature === 'own_word')
  const given = blocks.filter(({ nature }) => nature !== 'own_word')
  const [first] = blocks
  const one = blocks.length === 1 && first
  const what = one ? called(first) : plural(given.length, 'number')
  return (
    <>
      <PageHead title={title(one || null, given.length)} crumb={{ href: '/unsubscribed', label: 'Opt-outs' }} />
      <FaultSummary form={form} before="before anything changes" />
      {theirs.length > 0 ? <OnlyThey blocks={theirs} alone={given.length === 0} /> : null}
      {given.length > 0 ? (
        <form class="card stack narrow" method="post" action={action}>
          <p>{names(given)}</p>
          <Meaning blocks={given} />
          {one
            ? null
            : given.map(({ kind, id }) => (
                <input type="hidden" name={kind === 'opt_out' ? 'unsubscribed_ids' : 'suppressed_ids'} value={String(id)} />
              ))}
          <Field
            form={form}
            name="reason"
            label="Why may we text them again?"
            autocomplete="off"
            maxlength={200}
            hint="It stays in the record of each number, with your name."
            required
          />
          <div class="row">
            <button class="btn btn-danger" type="submit">
              {one && first.kind === 'suppression' ? `Lift the block of ${what}` : `Let ${what} be texted again`}
            </button>
            <a class="btn btn-plain" href="/unsubscribed">
              {one ? 'Leave it as it is' : 'Leave them as they are'}
            </a>
          </div>
        </form>
      ) : (
        <p>
          <a class="btn" href="/unsubscribed">
            Back to the list
          </a>
        </p>
      )}
    </>
  )
}

function title(one: BlockRow | null, given: number): string {
  if (given === 0) return one ? `Only ${called(one)} can undo this` : 'Only they can undo this'
  if (!one) return `Let ${plural(given, 'number')} be texted again?`
  return one.kind === 'suppression' ? `Lift the block of ${called(one)}?` : `Text ${called(one)} again?`
}

const Meaning = ({ blocks }: { blocks: BlockRow[] }) => (
  <>
    {blocks.some(({ kind }) => kind === 'opt_out') ? (
      <p>Opted out by staff or an import: do this only when they asked you to. Texting somebody who said no is against the law.</p>
    ) : null}
    {blocks.some(({ kind }) => kind === 'suppression') ? (
      <p>The number did not work: lift the block if it does now. If it fails again, it is blocked again.</p>
    ) : null}
  </>
)

const OnlyThey = ({ blocks, alone }: { blocks: BlockRow[]; alone: boolean }) => {
  const [first] = blocks
  const who = alone && blocks.length === 1 && first ? called(first) : plural(blocks.length, 'of these people', 'of these people')
  return (
    <div class="mb">
      <Note kind="warn" fact={`${who} replied STOP.`}>
        Nobody here can take that back. Texts go to them again when they text START to our number.
      </Note>
    </div>
  )
}

function names(blocks: BlockRow[]): string {
  const rest = blocks.length - namesShown
  return `${blocks.slice(0, namesShown).map(called).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
