import type { PropsWithChildren } from 'hono/jsx'
import type { Import, ImportCounts } from '../../src/imports/imports'
import { count, plural } from '../ui/format'
import { Icon } from '../ui/icon'
import { Note } from '../ui/note'
import { Sum } from '../ui/sum'
import { Tally } from '../ui/tally'

export type SumProps = {
  import: Import
  /** Another file starts here. */
  upload: string
  /** Whether this reader may commit and undo. */
  allowed: boolean
  undoable: boolean
}

export const Preview = ({ import: it, upload, allowed }: SumProps) => {
  const { counts } = it
  const stored = counts.new + counts.changed + counts.opted_out
  return (
    <EveryRow of={it}>
      <p class="row row-one">
        <Icon name="file" />
        <span class="fine">
          {it.columns.words}. {allowed ? <a href={`${upload}#columns`}>Not right?</a> : null}
        </span>
      </p>
      {allowed ? (
        <div class="row">
          {stored > 0 ? (
            <form method="post" action={`/imports/${it.id}/commit`}>
              <button class="btn btn-go btn-big" type="submit">
                Import {plural(stored, 'row')}
              </button>
            </form>
          ) : null}
          <a class="btn" href={upload}>
            Choose another file
          </a>
        </div>
      ) : (
        <p class="quiet">Only admins can import {called(it).many}.</p>
      )}
      <p class="fine">
        {stored > 0
          ? `${whatIsStored(counts)}. You can undo the whole import afterwards, and importing never texts anybody.`
          : 'There is nothing to import: no row of this file is new or changed.'}
      </p>
    </EveryRow>
  )
}

/** `356 new, 21 changed and 9 opted out` */
function whatIsStored(counts: ImportCounts): string {
  const said = [
    { n: counts.new, word: 'new' },
    { n: counts.changed, word: 'changed' },
    { n: counts.opted_out, word: 'opted out' },
  ].flatMap(({ n, word }) => (n > 0 ? [`${count(n)} ${word}`] : []))
  return said.length > 1 ? `${said.slice(0, -1).join(', ')} and ${said.at(-1)}` : said.join('')
}

export const Committed = ({ import: it, upload, allowed, undoable }: SumProps) => {
  const { created, renamed, kept, invalid } = it.counts
  const leftOut = invalid === 1 ? '1 was left out.' : `${count(invalid)} were left out.`
  return (
    <>
      <div class="mb">
        <Note
          kind="ok"
          fact={`${plural(created + renamed + kept, 'row')} imported.`}
          act={allowed && undoable ? <Undo of={it} /> : undefined}
        >
          {invalid > 0 ? `${leftOut} ` : ''}
          {joinedWords(it, created)}
          {it.kind === 'opt_outs' ? '' : `, ${count(renamed)} got another name`}. Nobody was texted.
        </Note>
      </div>
      <EveryRow of={it}>
        <p class="fine">{undoWords(it, allowed, undoable)}</p>
        {allowed ? (
          <p>
            <a class="btn" href={upload}>
              Import another file
            </a>
          </p>
        ) : null}
      </EveryRow>
    </>
  )
}

function undoWords({ kind }: Import, allowed: boolean, undoable: boolean): string {
  if (!undoable) return 'This import is older than 30 days: what was there before is no longer kept, so it cannot be undone.'
  if (!allowed) return 'Only admins can undo it.'
  if (kind === 'opt_outs')
    return 'Undo takes the numbers that this import added off the list again. Whoever replied STOP or told you since stays on it. Possible for 30 days.'
  return 'Undo takes out the people whom this import added and puts old names back. Whoever was edited since stays as they are. Possible for 30 days.'
}

const Undo = ({ of: it }: { of: Import }) => (
  <form method="post" action={`/imports/${it.id}/undo`}>
    <button class="btn" type="submit">
      Undo
    </button>
  </form>
)

export const Undone = ({ import: it, upload, allowed }: SumProps) => {
  const { created, renamed, removed, restored } = it.counts
  const stayed = created - removed + (renamed - restored)
  return (
    <>
      <div class="mb">
        <Note
          kind="ok"
          fact="The import was undone."
          act={
            allowed ? (
              <a class="btn" href={upload}>
                Choose another file
              </a>
            ) : undefined
          }
        >
          {plural(removed, 'person was', 'people were')} taken out again, {plural(restored, 'old name was', 'old names were')} put back.
          {stayed > 0
            ? ` ${plural(stayed, 'person was', 'people were')} edited or deleted since and ${stayed === 1 ? 'stays' : 'stay'} as they are.`
            : ''}
        </Note>
      </div>
      <EveryRow of={it} />
    </>
  )
}

const keys = { new: 'delivered', changed: 'sent', there: 'accepted', opted_out: 'skipped', invalid: 'failed' } as const

type Tense = { new: (become: string) => string; changed: string; opted_out: string }

const tenses: Partial<Record<Import['status'], Tense>> = {
  previewed: { new: (who) => `Become ${who}`, changed: 'Get a new name', opted_out: 'Stored, and stay opted out' },
  committed: { new: (who) => `Became ${who}`, changed: 'Got a new name', opted_out: 'Stored, and stay opted out' },
}

const names: Record<Import['kind'], { one: string; many: string }> = {
  members: { one: 'member', many: 'members' },
  registrations: { one: 'guest', many: 'guests' },
  opt_outs: { one: 'opt-out', many: 'opt-outs' },
}
const called = ({ kind }: Import) => names[kind]

function joinedWords(of: Import, n: number): string {
  if (of.kind === 'opt_outs') return `No blast reaches ${plural(n, 'more person', 'more people')}`
  const { one, many } = called(of)
  return plural(n, `person is a new ${one}`, `people are new ${many}`)
}

/** The whole file in one bar and one sum. */
const EveryRow = ({ of: it, children }: PropsWithChildren<{ of: Import }>) => {
  const { counts } = it
  const there = counts.same + counts.duplicate
  const tense = tenses[it.status]
  return (
    <section class="card stack" aria-labelledby="sum">
      <h2 id="sum">Every row, accounted for</h2>
      <Tally
        id="rows"
        counts={{ delivered: counts.new, sent: counts.changed, accepted: there, skipped: counts.opted_out, failed: counts.invalid }}
        words={{ delivered: 'new', sent: 'changed', accepted: 'already there', skipped: 'opted out', failed: 'with problems' }}
      />
      <Sum
        total={{ label: 'Rows', n: it.totalRows }}
        terms={[
          { key: keys.new, label: 'New', n: counts.new, sub: tense?.new(called(it).many) },
          ...(it.kind === 'opt_outs' ? [] : [{ key: keys.changed, label: 'Changed', n: counts.changed, sub: tense?.changed }]),
          { key: keys.there, label: 'Already there', n: there, sub: alreadyThere(counts) },
          ...(it.kind === 'opt_outs' ? [] : [{ key: keys.opted_out, label: 'Opted out', n: counts.opted_out, sub: tense?.opted_out }]),
          { key: keys.invalid, label: 'Problems', n: counts.invalid, sub: 'Left out' },
        ]}
      />
      {children}
    </section>
  )
}

const alreadyThere = ({ same, duplicate }: ImportCounts) => `${count(same)} the same, ${count(duplicate)} twice in the file`
