import type { AuditRow } from '../../src/audit/queries'
import type { SubjectPart } from '../../src/audit/subjects'
import type { FormState } from '../../src/web/form'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { Blank } from '../ui/blank'
import { FaultSummary } from '../ui/fault-summary'
import type { Option } from '../ui/field'
import { clockTime, count, day, plural, zoneName } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Listing, listingUrl } from '../ui/listing'
import { Status } from '../ui/status'
import { AuditFilters } from './filters'
import { outcomeWords } from './words'

/** An event with what happened in words, and its subject cut where it can be looked at. */
export type AuditEntry = AuditRow & { words: string; subjectParts: readonly SubjectPart[] }

type Props = {
  state: ListingState
  form: FormState
  list: ListingPage<AuditEntry>
  /** There are more than the list goes back. */
  more: boolean
  types: readonly Option[]
  usernames: readonly string[]
  keptDays: number
  now: number
  timeZone: string
}

export const AuditPage = (props: Props) => {
  const { state, form, list, more, types, usernames, keptDays, now, timeZone } = props
  const refused = Object.keys(form.faults).length > 0
  const filters = <AuditFilters state={state} form={form} types={types} usernames={usernames} />
  return (
    <>
      <FaultSummary form={form} />
      <PageHead
        title="Security log"
        lede={`Who did what, kept ${plural(keptDays, 'day')}. Nobody can change it. Times of ${zoneName(timeZone)}.`}
        acts={list.total > 0 ? <Export state={state} /> : undefined}
      />
      {refused ? (
        filters
      ) : (
        <Listing
          state={state}
          page={list}
          caption="Security log"
          tools={filters}
          rowId={(row) => row.id}
          columns={[
            { key: 'what', label: 'What', sort: 'event_type', th: true, className: 'c-main', cell: (row) => row.words },
            { key: 'subject', label: 'To what', className: 'wrap c-act', cell: (row) => <Subject parts={row.subjectParts} /> },
            { key: 'who', label: 'Who', sort: 'username', className: 'wrap', cell: (row) => <Who row={row} state={state} /> },
            { key: 'outcome', label: 'How it ended', className: 'nowrap c-side', cell: (row) => <Outcome outcome={row.outcome} /> },
            {
              key: 'when',
              label: 'When',
              sort: 'created_at',
              firstDir: 'desc',
              className: 'nowrap',
              cell: (row) => `${day(row.createdAt, { timeZone, now })}, ${clockTime(row.createdAt, timeZone)}`,
            },
          ]}
          empty={
            <Blank title="Nothing recorded yet">
              Sign-ins, texts sent, imports, downloads and changes of staff are written down here as they happen.
            </Blank>
          }
        />
      )}
      {more ? <p class="hint">These are {count(list.total)} events. There are more: choose days to see further.</p> : null}
    </>
  )
}

const Export = ({ state }: { state: ListingState }) => (
  <a class="btn" href={listingUrl({ ...state, path: `${state.path}/export` }, { page: 1 })}>
    <Icon name="download" />
    Export
  </a>
)

const Subject = ({ parts }: { parts: readonly SubjectPart[] }) => (
  <>{parts.map(({ text, href }) => (href ? <a href={href}>{text}</a> : text))}</>
)

/** A name leads to all they did. Where nobody was signed in, it was only typed. */
const Who = ({ row, state }: { row: AuditEntry; state: ListingState }) => {
  const { username, address } = row
  const typed = row.userId === null && address !== ''
  return (
    <>
      {username === '' ? null : (
        <>
          {typed ? 'Somebody as ' : null}
          <a href={listingUrl(state, { filters: { username } })}>{username}</a>
          <br />
        </>
      )}
      <small class="quiet">{address !== '' ? `from ${address}` : username === '' ? 'By itself' : 'on schedule'}</small>
    </>
  )
}

const looks = {
  failure: { tone: 'warn', icon: 'failed' },
  blocked: { tone: 'bad', icon: 'barred' },
} as const

const Outcome = ({ outcome }: Pick<AuditRow, 'outcome'>) =>
  outcome === 'success' ? <span class="quiet">{outcomeWords.success}</span> : <Status {...looks[outcome]}>{outcomeWords[outcome]}</Status>
