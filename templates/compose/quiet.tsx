import type { Review } from '../../src/compose/review'
import { quietWords } from '../schedule/words'
import { plural, weekdayTime } from '../ui/format'
import { Note } from '../ui/note'
import { Kept } from './kept'
import { pathsOf } from './words'

type Props = { review: Review; quiet: NonNullable<Review['quiet']> }

/** Whom the text reaches at night, by their area code, and the next time that is night for nobody. */
export const QuietHours = ({ review, quiet }: Props) => {
  const { later } = review.draft
  return (
    <Note kind={quiet.forbids ? 'bad' : 'warn'} tall fact={quietWords(quiet, later !== null)} act={<Acts review={review} quiet={quiet} />}>
      By the area code of their phones.
      {quiet.unknown > 0
        ? ` For ${plural(quiet.unknown, 'of them', 'of them')} it does not tell where the phone is: quiet while it is quiet in any state.`
        : ''}
    </Note>
  )
}

const Acts = ({ review, quiet }: Props) => {
  const { next, nextAt, people } = quiet
  const { timeZone, later } = review.draft
  const again = pathsOf(review).review
  return (
    <>
      {next && nextAt !== null && !later?.rule ? (
        <form method="post" action={again}>
          <Kept review={review} anew instead={sendAt(next, timeZone)} />
          <button class="btn" type="submit">
            Send it {weekdayTime(nextAt, { timeZone, now: review.now })} instead
          </button>
        </form>
      ) : null}
      <form method="post" action={`${again}#texts`}>
        <Kept review={review} />
        <button class="btn btn-plain" type="submit" name="only" value="quiet">
          See the {people === 1 ? 'one' : people.toLocaleString('en-US')}
        </button>
      </form>
    </>
  )
}

const sendAt = (next: { date: string; time: string }, timeZone: string) => ({
  schedule_later: '1',
  schedule_date: next.date,
  schedule_time: next.time,
  schedule_fold: '',
  client_timezone: timeZone,
})
