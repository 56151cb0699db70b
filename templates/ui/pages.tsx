import type { ListingState } from '../../src/web/listing'
import { count } from './format'
import { listingUrl } from './listing-url'

/** So many pages, with this one in their middle where there are enough. */
function around(page: number, last: number, howMany: number): number[] {
  const from = Math.max(1, Math.min(page - Math.floor(howMany / 2), last - howMany + 1))
  return Array.from({ length: Math.min(howMany, last) }, (_, index) => from + index)
}

/** Which rows these are, and the way to the others. Nothing when there is one page. */
export const Pages = ({ state, total, shown }: { state: ListingState; total: number; shown: number }) => {
  const last = Math.ceil(total / state.pageSize)
  if (last <= 1 || shown === 0) return null
  const first = (state.page - 1) * state.pageSize + 1
  const numbers = around(state.page, last, 5)
  const onPhone = around(state.page, last, 3)
  const url = (page: number) => listingUrl(state, { page })
  return (
    <nav class="pages" aria-label="Pages">
      <p>
        {count(first)} to {count(first + shown - 1)} of {count(total)}
      </p>
      <ul role="list">
        {numbers[0] !== 1 && (
          <li class="only-desk">
            <a href={url(1)}>First</a>
          </li>
        )}
        {state.page > 1 && (
          <li>
            <a href={url(state.page - 1)} rel="prev">
              Back
            </a>
          </li>
        )}
        {numbers.map((page) => (
          <li class={onPhone.includes(page) ? undefined : 'only-desk'}>
            <a href={url(page)} aria-current={page === state.page ? 'page' : undefined}>
              {count(page)}
            </a>
          </li>
        ))}
        {state.page < last && (
          <li>
            <a href={url(state.page + 1)} rel="next">
              Next
            </a>
          </li>
        )}
      </ul>
    </nav>
  )
}
