import type { PropsWithChildren } from 'hono/jsx'
import type { BlastAct } from '../../src/blasts/blasts'
import type { BlastView } from '../../src/blasts/view'
import { count } from '../ui/format'
import { Icon } from '../ui/icon'

export const ActForm = ({ id, act, children }: PropsWithChildren<{ id: number; act: BlastAct }>) => (
  <form id={`act-${act}`} method="post" action={`/logs/${id}/${act}`}>
    {children}
  </form>
)

export const Resume = ({ view }: { view: BlastView }) => (
  <ActForm id={view.blast.id} act="resume">
    <button class="btn btn-go" type="submit">
      <Icon name="resume" />
      {view.counts.queued > 0 ? `Resume: text the other ${count(view.counts.queued)}` : 'Resume'}
    </button>
  </ActForm>
)

export const Cancel = ({ id }: { id: number }) => (
  <ActForm id={id} act="cancel">
    <button class="btn btn-stop" type="submit">
      <Icon name="cross" />
      Cancel the rest
    </button>
  </ActForm>
)
