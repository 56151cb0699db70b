import type { Child } from 'hono/jsx'
import type { Import } from '../../src/imports/imports'
import { plural } from '../ui/format'
import { PageHead } from '../ui/head'
import { Note } from '../ui/note'
import { isWorking, Progress } from './progress'
import { type ImportLists, Problems, Rows } from './rows'
import { Committed, Preview, type SumProps, Undone } from './sums'

type Props = SumProps & {
  /** Null while a worker is on it, and where nothing came of it. */
  lists: ImportLists | null
  /** Where its people are listed. */
  list: { href: string; label: string }
}

const titles: Record<Import['status'], string> = {
  reading: 'Reading the file',
  previewed: 'Check the import',
  committing: 'Importing',
  committed: 'Imported',
  undoing: 'Undoing the import',
  undone: 'Import undone',
  failed: 'This file was not imported',
}

export const ImportPage = (props: Props) => {
  const { import: it, list, lists } = props
  return (
    <div id="import" {...(isWorking(it.status) ? polling(it.id) : {})}>
      <PageHead title={titles[it.status]} crumb={list} lede={<Lede of={it} />} />
      <Middle {...props} />
      {lists ? <Lists of={it} lists={lists} allowed={props.allowed} /> : null}
    </div>
  )
}

/** Until the page comes back without these: then there is something to decide. */
const polling = (id: number) => ({
  'hx-get': `/imports/${id}`,
  'hx-trigger': 'every 1s',
  'hx-select': '#import',
  'hx-target': '#import',
  'hx-swap': 'outerHTML',
})

const Lede = ({ of: it }: { of: Import }): Child => (
  <>
    <strong>{it.filename}</strong>
    {it.totalRows > 0 ? `, ${plural(it.totalRows, 'row')}.` : '.'}
    {it.status === 'reading' || it.status === 'previewed' ? ' Nothing has been stored yet.' : null}
  </>
)

const Middle = (props: Props) => {
  const { import: it } = props
  if (isWorking(it.status)) return <Progress of={it} status={it.status} />
  if (it.status === 'previewed') return <Preview {...props} />
  if (it.status === 'committed') return <Committed {...props} />
  if (it.status === 'undone') return <Undone {...props} />
  return (
    <Note
      kind="bad"
      fact={it.fault}
      act={
        <a class="btn" href={props.upload}>
          Choose another file
        </a>
      }
    />
  )
}

const Lists = ({ of: it, lists, allowed }: { of: Import; lists: ImportLists; allowed: boolean }) => (
  <>
    {it.counts.invalid > 0 && lists.problems.rows.length > 0 ? <Problems of={it} list={lists.problems} allowed={allowed} /> : null}
    <Rows of={it} list={lists.shown} />
  </>
)
