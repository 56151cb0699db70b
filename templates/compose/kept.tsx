import type { Review } from '../../src/compose/review'

type Props = {
  review: Review
  /** Instead of the text as it was reviewed. */
  body?: string
  /** The text is another one then: a form of its own, not a second press of this one. */
  anew?: boolean
}

/** Everything that was written and chosen, for the next request. */
export const Kept = ({ review: { draft, submissionId }, body = draft.written, anew }: Props) => {
  const { audience, includeUnsubscribe } = draft
  const fields = {
    message_body: body,
    target: audience.target,
    event_id: audience.eventId === null ? '' : String(audience.eventId),
    test_mode: audience.testPhone === null ? '' : '1',
    include_unsubscribe: includeUnsubscribe ? '1' : '',
    submission_id: anew ? '' : submissionId,
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
