import type { TemplateRow } from '../../src/message-templates/queries'
import type { ListingPage, ListingState } from '../../src/web/listing'
import { Blank } from '../ui/blank'
import { count, day, excerpt, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Listing } from '../ui/listing'
import { Menu } from '../ui/menu'
import { writeWith } from './words'

type Props = { state: ListingState; list: ListingPage<TemplateRow>; all: number; now: number; timeZone: string }

export const TemplatesPage = ({ state, list, all, now, timeZone }: Props) => (
  <>
    <PageHead
      title="Templates"
      lede={all > 0 ? `${plural(all, 'text')} to begin with. Pick one under the message box when you write.` : undefined}
      acts={all > 0 ? <Add label="Add a template" /> : undefined}
    />
    <Listing
      state={state}
      page={list}
      caption="Templates"
      searchLabel="Find a template"
      placeholder="Name or words"
      rowId={(row) => row.id}
      columns={[
        { key: 'name', label: 'Name', sort: 'name', th: true, cell: (row) => <a href={`/templates/${row.id}/edit`}>{row.name}</a> },
        { key: 'text', label: 'Text', cell: (row) => excerpt(row.messageBody, 90) },
        {
          key: 'parts',
          label: 'Parts',
          className: 'num',
          labelled: true,
          cell: (row) => (row.parts === null ? '–' : count(row.parts)),
        },
        {
          key: 'used',
          label: 'Last used',
          sort: 'last_used_at',
          firstDir: 'desc',
          labelled: true,
          cell: (row) =>
            row.lastUsedAt === null ? (
              <span class="quiet">Never</span>
            ) : (
              <DayAndBy at={row.lastUsedAt} by={row.lastUsedBy} now={now} timeZone={timeZone} />
            ),
        },
        {
          key: 'updated',
          label: 'Edited',
          sort: 'updated_at',
          firstDir: 'desc',
          className: 'quiet',
          labelled: true,
          cell: (row) => <DayAndBy at={row.updatedAt} by={row.updatedBy} now={now} timeZone={timeZone} />,
        },
      ]}
      menu={(row) => <RowMenu row={row} />}
      empty={<NoneYet />}
    />
  </>
)

const Add = ({ label }: { label: string }) => (
  <a class="btn btn-go" href="/templates/add">
    <Icon name="plus" />
    {label}
  </a>
)

/** In a narrow column it breaks between the two. */
const DayAndBy = ({ at, by, now, timeZone }: { at: number; by: string; now: number; timeZone: string }) => (
  <>
    <span class="nowrap">{day(at, { now, timeZone })}</span> {by === '' ? null : <span class="nowrap">by {by}</span>}
  </>
)

const RowMenu = ({ row }: { row: TemplateRow }) => (
  <Menu label={`Actions for ${row.name}`}>
    <a href={writeWith(row.id)}>
      <Icon name="send" />
      Write with it
    </a>
    <a href={`/templates/${row.id}/edit`}>
      <Icon name="write" />
      Edit
    </a>
    <a class="is-bad" href={`/templates/${row.id}/delete`}>
      <Icon name="trash" />
      Delete template
    </a>
  </Menu>
)

const NoneYet = () => (
  <Blank title="No templates yet" act={<Add label="Add the first template" />}>
    A template is a text that you send again and again: the reminder, the “we are closed today”. Add one here, or write a text and press
    Save as a template.
  </Blank>
)
