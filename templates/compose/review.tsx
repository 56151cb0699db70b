import type { Review } from '../../src/compose/review'
import { FirstTimes } from '../schedule/first-times'
import { money, plural } from '../ui/format'
import { Icon } from '../ui/icon'
import { Note } from '../ui/note'
import { LeftOut } from './left-out'
import { ReviewReceipt } from './receipt'
import { Texts } from './texts'
import { Warnings } from './warnings'
import { doneWords, pathsOf, reviewTitle } from './words'

type Props = {
  review: Review
  /** The counts that are on this page. */
  seen: string
  /** A page of the texts or a search was asked for. */
  browsing: boolean
}

export const ReviewPage = ({ review, seen, browsing }: Props) => {
  const { later } = review.draft
  return (
    <>
      {review.changes ? <Changed review={review} changes={review.changes} /> : null}
      <div class="head">
        <div>
          <p class="crumb">
            <button class="linky" type="submit" form="send" formaction={pathsOf(review).write}>
              <Icon name="back" />
              Change the text
            </button>
          </p>
          <h1>{reviewTitle(review)}</h1>
          <p class="lede">
            {later
              ? `Nothing has been ${doneWords(review)}. The text goes out as you see it here; who gets it is decided ${later.rule ? 'each time ' : ''}when it starts sending. This is the list as of now.`
              : 'Nothing has been sent. What you see here is exactly what goes out; if anything changes meanwhile, you are asked again.'}
          </p>
          <p class="jump">
            <strong>
              {plural(review.counts.people, 'person', 'people')}, about {money(review.cost, review.cost < 0.1 ? 4 : 2)}
            </strong>{' '}
            <a class="btn btn-plain" href="#send">
              <Icon name="down" />
              To the button
            </a>
          </p>
        </div>
      </div>
      <div class="split">
        <div class="stack stack-l">
          {later?.rule ? <FirstTimes later={later} now={review.now} /> : null}
          <Warnings review={review} />
          <Texts review={review} browsing={browsing} />
          <LeftOut review={review} />
        </div>
        <ReviewReceipt review={review} seen={seen} />
      </div>
    </>
  )
}

const Changed = ({ review, changes }: { review: Review; changes: readonly string[] }) => (
  <Note
    kind="warn"
    flash
    fact={
      changes.length > 0
        ? `The audience changed while you read: ${changes.join(' and ')}.`
        : 'Something changed while you read: the text, a name or the price.'
    }
  >
    Please check again. Nothing was {doneWords(review)}.
  </Note>
)
