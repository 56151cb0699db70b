import type { FormState } from '../../src/web/form'
import { BesidePhone, Message } from '../compose/page'
import { FaultSummary } from '../ui/fault-summary'
import { Field } from '../ui/field'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { whenAndBy, writeWith } from './words'

type Template = { id: number; name: string; lastUsedAt: number | null; lastUsedBy: string; updatedAt: number; updatedBy: string }
type Props = { template: Template | null; form: FormState; sender: string; now: number; timeZone: string }

export const TemplateFormPage = ({ template, form, sender, now, timeZone }: Props) => (
  <>
    <FaultSummary form={form} before="before it is stored" />
    <BesidePhone sender={sender} now={now} timeZone={timeZone}>
      <PageHead
        title={template ? `Edit “${template.name}”` : 'Add a template'}
        crumb={{ href: '/templates', label: 'Templates' }}
        lede={template ? <History template={template} now={now} timeZone={timeZone} /> : undefined}
        acts={template ? <WriteWith id={template.id} /> : undefined}
      />
      <form
        class="card compose"
        id="compose"
        method="post"
        action={template ? `/templates/${template.id}/edit` : '/templates/add'}
        aria-label={template ? 'Edit template' : 'Add a template'}
      >
        <div>
          <Field
            form={form}
            name="name"
            label="Name"
            hint="For staff. Whoever gets the text does not see it."
            autocomplete="off"
            required
          />
        </div>
        <Message form={form} live="/dashboard/preview?of=template" />
        {/* For the count and the phone: a fresh text has it, too. */}
        <input type="hidden" name="include_unsubscribe" value="1" />
        <div class="compose-foot">
          <p class="fine">Counted with “Reply STOP to unsubscribe”, which every text can have as a last line. Nothing is sent from here.</p>
          <div class="row">
            <button class="btn btn-go" type="submit">
              {template ? 'Store the changes' : 'Add this template'}
            </button>
            <a class="btn btn-plain" href="/templates">
              {template ? 'Leave it as it was' : 'Add none'}
            </a>
          </div>
        </div>
      </form>
      {template ? (
        <p class="mt-l">
          <a class="btn btn-stop" href={`/templates/${template.id}/delete`}>
            Delete this template
          </a>
        </p>
      ) : null}
    </BesidePhone>
  </>
)

const History = ({ template, now, timeZone }: { template: Template; now: number; timeZone: string }) => {
  const { lastUsedAt, lastUsedBy, updatedAt, updatedBy } = template
  const clock = { now, timeZone }
  return (
    <>
      {lastUsedAt === null ? 'Never used.' : `Last used ${whenAndBy(lastUsedAt, lastUsedBy, clock)}.`} Edited{' '}
      {whenAndBy(updatedAt, updatedBy, clock)}.
    </>
  )
}

const WriteWith = ({ id }: { id: number }) => (
  <a class="btn" href={writeWith(id)}>
    <Icon name="write" />
    Write with it
  </a>
)
