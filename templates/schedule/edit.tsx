import type { AudienceChoices } from '../../src/compose/choices'
import type { Target } from '../../src/db/schema'
import type { FoldChoices } from '../../src/schedule/later'
import type { FormState } from '../../src/web/form'
import { audienceWords } from '../blasts/words'
import { WhoGetsIt } from '../compose/audience'
import { When } from '../compose/later'
import { BesidePhone, Message, Options } from '../compose/page'
import { FaultSummary } from '../ui/fault-summary'
import { PageHead } from '../ui/head'
import { Icon } from '../ui/icon'
import { Note } from '../ui/note'
import { Bubble } from '../ui/phone'
import { instantWords } from './words'

/** What happened to the text while somebody changed it. */
export type Meanwhile = { kind: 'over'; why: string; logId: number | null } | { kind: 'changed'; message: Stored }

type Stored = { messageBody: string; dueAt: number; timeZone: string; target: Target; eventTitle: string | null; testMode: boolean }

type Props = {
  message: { id: number; scheduleId: number | null }
  version: string
  meanwhile: Meanwhile | null
  form: FormState
  choices: AudienceChoices
  sender: string
  fold: FoldChoices | null
  now: number
  timeZone: string
}

export const EditScheduledPage = ({ message, version, meanwhile, form, choices, sender, fold, now, timeZone }: Props) => {
  const at = { now, timeZone }
  const over = meanwhile?.kind === 'over'
  const action = over ? '/dashboard/edit' : `/scheduled/${message.id}/edit`
  return (
    <>
      <FaultSummary form={form} before="before the review" />
      {meanwhile ? <WhatHappened meanwhile={meanwhile} now={now} /> : null}
      <BesidePhone sender={sender} {...at}>
        <PageHead
          title="Change a scheduled text"
          crumb={{ href: '/scheduled', label: 'Scheduled' }}
          lede={message.scheduleId === null ? undefined : 'Only this one of its series changes.'}
        />
        <form class="card compose" id="compose" method="post" action={action} aria-label="Change a scheduled text">
          <input type="hidden" name="schedule_later" value="1" />
          <input type="hidden" name="version" value={version} />
          <Message form={form} />
          <WhoGetsIt form={form} choices={choices} {...at} />
          <Options form={form}>
            <div class="stack mt mb">
              <When form={form} fold={fold} timeZone={timeZone} />
            </div>
          </Options>
          <div class="compose-foot">
            <p class="fine">{over ? newWords : reviewWords}</p>
            <div class="row">
              <button class="btn btn-go btn-big" type="submit">
                {over ? 'Write it as a new text' : 'Review'}
                <Icon name="next" />
              </button>
              <a class="btn btn-plain" href="/scheduled">
                {meanwhile ? 'Leave it as it is' : 'Leave it as it was'}
              </a>
            </div>
          </div>
        </form>
      </BesidePhone>
    </>
  )
}

const reviewWords = 'Nothing is changed yet. Next you see every text, who is left out and the price.'
const newWords = 'Nothing is sent yet. Next you have it as a new text, with all that is chosen here.'

const ToBlast = ({ id }: { id: number }) => (
  <a class="btn" href={`/logs/${id}`}>
    See the blast
  </a>
)

const WhatHappened = ({ meanwhile, now }: { meanwhile: Meanwhile; now: number }) => {
  if (meanwhile.kind === 'over')
    return (
      <Note kind="warn" flash fact="Too late to change it." act={meanwhile.logId === null ? null : <ToBlast id={meanwhile.logId} />}>
        {meanwhile.why} What you wrote is still here.
      </Note>
    )
  const { messageBody, dueAt, timeZone, ...audience } = meanwhile.message
  return (
    <>
      <Note kind="warn" flash fact="Somebody changed it meanwhile.">
        Now it goes out {instantWords(dueAt, { timeZone, now })}, to: {audienceWords(audience)}. What you wrote is still here: go on, and it
        takes the place of this:
      </Note>
      <div class="mb">
        <Bubble text={messageBody} />
      </div>
    </>
  )
}
