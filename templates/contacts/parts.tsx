import type { ContactRow } from '../../src/contacts/queries'
import { Icon } from '../ui/icon'
import { Status } from '../ui/status'

export const FindAPerson = ({ search = '' }: { search?: string }) => (
  <form class="search mb" role="search" method="get" action="/contacts">
    <label class="vh" for="find">
      Name or phone
    </label>
    <input id="find" type="search" name="search" value={search} placeholder="Name or phone" maxlength={100} required />
    <button class="btn" type="submit">
      <Icon name="search" />
      Find
    </button>
  </form>
)

export const Texts = ({ texts, pill }: { texts: ContactRow['texts']; pill?: boolean }) => {
  if (texts === 'opted_out')
    return (
      <Status tone="warn" icon="barred" pill={pill}>
        Opted out
      </Status>
    )
  if (texts === 'suppressed')
    return (
      <Status tone="bad" icon="failed" pill={pill}>
        Number does not work
      </Status>
    )
  return (
    <Status tone="mute" icon="done" pill={pill}>
      Can be texted
    </Status>
  )
}
