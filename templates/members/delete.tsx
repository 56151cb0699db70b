import { formatPhone, plural } from '../ui/format'
import { PageHead } from '../ui/head'

type Props = { members: { id: number; name: string; phone: string }[] }

const namesShown = 20

export const DeleteMembersPage = ({ members }: Props) => {
  const [only] = members
  const one = members.length === 1 && only
  const what = one ? only.name || formatPhone(only.phone) : plural(members.length, 'member')
  const rest = members.length - namesShown
  return (
    <>
      <PageHead title={`Delete ${what}?`} crumb={{ href: '/community', label: 'Members' }} />
      <form class="card stack narrow" method="post" action={one ? `/community/${only.id}/delete` : '/community/bulk-delete'}>
        <p>
          {members
            .slice(0, namesShown)
            .map((member) => member.name || formatPhone(member.phone))
            .join(', ')}
          {rest > 0 ? ` and ${rest} more` : ''} {one ? 'leaves' : 'leave'} the member list. Opt-outs and what they were sent are kept, and
          so are event registrations.
        </p>
        {one ? null : members.map((member) => <input type="hidden" name="member_ids" value={String(member.id)} />)}
        <div class="row">
          <button class="btn btn-danger" type="submit">
            Delete {what}
          </button>
          <a class="btn btn-plain" href="/community">
            {one ? 'Keep this member' : 'Keep them'}
          </a>
        </div>
      </form>
    </>
  )
}
