import type { Context } from 'hono'
import { ReviewPage } from '../../templates/compose/review'
import { reviewTitle } from '../../templates/compose/words'
import type { AppEnv } from '../web/env'
import { page } from '../web/page'
import { packCounts } from './changes'
import type { ComposeFields } from './form'
import type { Prepared } from './prepare'
import { type Editing, reviewOf } from './review'

/** Of a new text, and of a change of one that is scheduled. */
export async function reviewPage(
  c: Context<AppEnv>,
  fields: ComposeFields,
  prepared: Prepared,
  status: 200 | 409 | 422 = 200,
  editing: Editing | null = null,
) {
  const look = {
    search: fields.search,
    page: fields.page,
    only: fields.only,
    submissionId: fields.submission_id,
    templateId: fields.template_id,
    editing,
  }
  const review = await reviewOf(c.var.deps, prepared, status === 409 ? { ...look, changedSince: fields.seen } : look)
  return page(
    c,
    { title: reviewTitle(review), current: editing ? 'scheduled' : 'dashboard', status },
    <ReviewPage
      review={review}
      seen={packCounts(prepared.counts)}
      browsing={fields.search !== '' || fields.page !== null || review.texts.onlyQuiet}
    />,
  )
}
