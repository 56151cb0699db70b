import type { FormState } from '../../src/web/form'
import { FaultSummary } from '../ui/fault-summary'
import { Field } from '../ui/field'
import { PageHead } from '../ui/head'

type Props = { member: { id: number; name: string } | null; form: FormState }

export const MemberFormPage = ({ member, form }: Props) => (
  <>
    <PageHead title={member ? `Edit ${member.name || 'member'}` : 'Add a member'} crumb={{ href: '/community', label: 'Members' }} />
    <FaultSummary form={form} before="before it is stored" />
    <form class="card stack narrow" method="post" action={member ? `/community/${member.id}/edit` : '/community/add'}>
      <Field form={form} name="name" label="Name" autocomplete="off" hint="As they would like to be greeted. May stay empty." />
      <Field
        form={form}
        name="phone"
        label="Phone"
        type="tel"
        inputmode="tel"
        autocomplete="off"
        hint="Any way you write it: (323) 555-0142, 323-555-0142, +13235550142."
        required
      />
      <div class="row">
        <button class="btn btn-go" type="submit">
          {member ? 'Store the changes' : 'Add this member'}
        </button>
        <a class="btn btn-plain" href="/community">
          {member ? 'Leave it as it was' : 'Add nobody'}
        </a>
      </div>
    </form>
  </>
)
