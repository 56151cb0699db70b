import type { RecentImport } from '../../src/imports/queries'
import type { FormState } from '../../src/web/form'
import { FaultSummary } from '../ui/fault-summary'
import { Field } from '../ui/field'
import { dateTime, plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { ImportStatus } from './status'

type Props = {
  title: string
  /** Where its people are listed. */
  list: { href: string; label: string }
  action: string
  form: FormState
  recent: readonly RecentImport[]
  now: number
  timeZone: string
}

export const UploadPage = ({ title, list, action, form, recent, now, timeZone }: Props) => (
  <>
    <PageHead
      title={title}
      crumb={list}
      lede="First you see every row and what becomes of it. Nothing is stored before you say so, and nobody is texted."
    />
    <FaultSummary form={form} before="before it can be read" />
    <form class="card stack narrow" method="post" action={action} enctype="multipart/form-data">
      <Field
        form={form}
        name="file"
        label="CSV file"
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        hint="A spreadsheet saved as CSV, with a column for the phone. In Excel: File, Save As, CSV UTF-8."
        required
      />
      <div class="row">
        <button class="btn btn-go" type="submit">
          Read this file
        </button>
        <a class="btn btn-plain" href={list.href}>
          Import nobody
        </a>
      </div>
    </form>
    <HowColumnsAreRead />
    {recent.length > 0 ? <Recent recent={recent} now={now} timeZone={timeZone} /> : null}
  </>
)

const HowColumnsAreRead = () => (
  <section class="mt-l narrow stack" aria-labelledby="columns">
    <h2 id="columns">How columns are read</h2>
    <p>
      By their headings in row 1, in any order: <span class="raw">Name</span>, or <span class="raw">First name</span> and{' '}
      <span class="raw">Last name</span>, and <span class="raw">Phone</span>, <span class="raw">Mobile</span> or{' '}
      <span class="raw">Cell</span>. Other columns are left alone.
    </p>
    <p>
      Without headings: one column is the phone; two are name and phone; three or more are first name, last name, phone. If a column is
      taken for the wrong thing, give it a heading and upload the file again.
    </p>
    <p class="fine">Up to 20 MB and 200,000 rows. Excel workbooks (.xlsx) are not read: save them as CSV.</p>
  </section>
)

const Recent = ({ recent, now, timeZone }: Pick<Props, 'recent' | 'now' | 'timeZone'>) => (
  <section class="mt-l" aria-labelledby="recent">
    <h2 id="recent" class="mb">
      Imported lately
    </h2>
    <div class="table-wrap">
      <table class="table cards" role="table" aria-labelledby="recent">
        <thead>
          <tr role="row">
            <th scope="col" role="columnheader">
              File
            </th>
            <th scope="col" role="columnheader">
              Rows
            </th>
            <th scope="col" role="columnheader">
              Now
            </th>
            <th scope="col" role="columnheader">
              Uploaded
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {recent.map((each) => (
            <tr role="row">
              <th scope="row" role="rowheader" class="c-main act">
                <a href={`/imports/${each.id}`}>{each.filename}</a>
              </th>
              <td role="cell">{plural(each.totalRows, 'row')}</td>
              <td role="cell" class="c-side">
                <ImportStatus status={each.status} />
              </td>
              <td role="cell" class="quiet">
                {dateTime(each.createdAt, { now, timeZone })}
                {each.createdBy ? ` by ${each.createdBy}` : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
)
