import type { AudienceChoices } from '../../src/compose/choices'
import type { FoldChoices } from '../../src/schedule/later'
import type { FormState } from '../../src/web/form'
import { WhoGetsIt } from '../compose/audience'
import { When } from '../compose/later'
import { BesidePhone, Message, Options } from '../compose/page'
import { FaultSummary } from '../ui/fault-summary'
import { PageHead } from '../ui/head'

type Props = {
  message: { id: number; scheduleId: number | null }
  form: FormState
  choices: AudienceChoices
  sender: string
  fold: FoldChoices | null
  now: number
  timeZone: string
}

export const EditScheduledPage = ({ message, form, choices, sender, fold, now, timeZone }: Props) => {
  const at = { now, timeZone }
  return (
    <>
      <FaultSummary form={form} before="before it can be saved" />
      <BesidePhone sender={sender} {...at}>
        <PageHead
          title="Change a scheduled text"
          crumb={{ href: '/scheduled', label: 'Scheduled' }}
          lede={message.scheduleId === null ? undefined : 'Only this one of its series changes.'}
        />
        <form class="card compose" id="compose" method="post" action={`/scheduled/${message.id}/edit`} aria-label="Change a scheduled text">
          <Message form={form} />
          <WhoGetsIt form={form} choices={choices} {...at} />
          <Options form={form}>
            <div class="stack mt mb">
              <When form={form} fold={fold} timeZone={timeZone} />
            </div>
          </Options>
          <div class="compose-foot">
            <p class="fine">Nothing is sent before its time. Who gets it is decided when it starts sending.</p>
            <div class="row">
              <button class="btn btn-go btn-big" type="submit">
                Save the change
              </button>
              <a class="btn btn-plain" href="/scheduled">
                Leave it as it was
              </a>
            </div>
          </div>
        </form>
      </BesidePhone>
    </>
  )
}
