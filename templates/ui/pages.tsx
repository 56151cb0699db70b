import type { ListingState } from '../../src/web/listing'
import { count } from './format'
import { listingUrl } from './listing-url'

/** Up to five pages around this one. */
function around(page: number, last: number): number[] {
  const from = Math.max(1, Math.min(page - 2, last - 4))
  return Array.from({ length: Math.min(5, last) }, (_, index) => from + index)
}

/** Which rows these are, and the way to the others. Nothing when there is one page. */
export const Pages = ({ state, total, shown }: { state: ListingState; total: number; shown: number }) => {
  const last = Math.ceil(total / state.pageSize)
  if (last <= 1 || shown === 0) return null
  const first = (state.page - 1) * state.pageSize + 1
  const numbers = around(state.page, last)
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
          <li class={Math.abs(page - state.page) > 1 ? 'only-desk' : undefined}>
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
