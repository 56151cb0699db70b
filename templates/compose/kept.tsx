import type { Review } from '../../src/compose/review'

type Props = {
  review: Review
  /** Instead of the text as it was reviewed. */
  body?: string
  /** The text is another one then: a form of its own, not a second press of this one. */
  anew?: boolean
  /** In place of what was chosen. */
  instead?: Record<string, string>
}

/** Everything that was written and chosen, for the next request. */
export const Kept = ({ review: { draft, submissionId, templateId, editing }, body = draft.written, anew, instead = {} }: Props) => {
  const { audience, includeUnsubscribe, later, timeZone } = draft
  const fields = {
    message_body: body,
    target: audience.target,
    event_id: audience.eventId === null ? '' : String(audience.eventId),
    test_mode: audience.testPhone === null ? '' : '1',
    include_unsubscribe: includeUnsubscribe ? '1' : '',
    client_timezone: timeZone,
    ...(later ? { ...later.asked, schedule_later: '1' } : {}),
    ...instead,
    template_id: templateId,
    submission_id: anew || editing ? '' : submissionId,
    version: editing?.version ?? '',
  }
  return (
    <>
      {Object.entries(fields)
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
    </>
  )
}
