import { PageHead } from '../ui/head'
import { Bubble, templateParts } from '../ui/phone'

type Props = { template: { id: number; name: string; messageBody: string } }

export const DeleteTemplatePage = ({ template: { id, name, messageBody } }: Props) => (
  <>
    <PageHead title={`Delete “${name}”?`} crumb={{ href: '/templates', label: 'Templates' }} />
    <form class="card stack narrow" method="post" action={`/templates/${id}/delete`}>
      <Bubble text={templateParts(messageBody)} />
      <p>Nobody can pick it any more. What was sent and scheduled from it stays as it is.</p>
      <div class="row">
        <button class="btn btn-danger" type="submit">
          Delete this template
        </button>
        <a class="btn btn-plain" href="/templates">
          Keep it
        </a>
      </div>
    </form>
  </>
)
