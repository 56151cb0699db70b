import type { FinalText, Review, Sample, SampleKind } from '../../src/compose/review'
import { count, formatPhone, plural } from '../ui/format'
import { Icon } from '../ui/icon'
import { Bubble, type TextPart } from '../ui/phone'
import { Kept } from './kept'
import { pathsOf } from './words'

export const textParts = (pieces: FinalText['pieces']): TextPart[] => pieces.map(({ text, filled }) => (filled ? { filled: text } : text))

/** More than these are folded away under the samples, so that the button stays within reach of a thumb. */
const fewTexts = 20

/** Every text that goes out, a page at a time. A search and a page are posts of the same form, so they work without a script. */
export const Texts = ({ review, browsing }: { review: Review; browsing: boolean }) => {
  const { texts, samples, measured } = review
  const many = review.counts.people > fewTexts
  const action = `${pathsOf(review).review}#texts`
  return (
    <section aria-labelledby="texts">
      <div class="card-head">
        <h2 id="texts">The texts</h2>
        <p class="fine">Yellow is filled in for each person</p>
      </div>
      {texts.onlyQuiet ? (
        <form method="post" action={action} id="all">
          <Kept review={review} />
        </form>
      ) : null}
      <form method="post" action={action} id="browse">
        <Kept review={review} />
        {texts.onlyQuiet ? <OnlyQuiet review={review} /> : null}
        {review.counts.people > 1 ? <Find search={texts.search} /> : null}
        {many && !browsing ? (
          <ul role="list" class="samples">
            {samples.map((sample) => (
              <OneText text={sample} kinds={sample.kinds} nameless={measured.nameless.people} />
            ))}
          </ul>
        ) : null}
        {many ? (
          <details class="more" open={browsing}>
            <summary>{texts.search || texts.onlyQuiet ? `Found: ${count(texts.total)}` : `All ${count(texts.total)}, by name`}</summary>
            <TextList review={review} />
          </details>
        ) : (
          <TextList review={review} />
        )}
      </form>
    </section>
  )
}

/** Only those in quiet hours are listed; the field keeps it so from page to page. */
const OnlyQuiet = ({ review }: { review: Review }) => (
  <div class="row mb">
    <input type="hidden" name="only" value="quiet" />
    <p>
      <strong>Only the {count(review.quiet?.people ?? 0)} in quiet hours.</strong>
    </p>
    <button class="btn btn-plain" type="submit" form="all">
      Show all
    </button>
  </div>
)

const Find = ({ search }: { search: string }) => (
  <div class="search mb" role="search">
    <label class="vh" for="search">
      Find a person
    </label>
    <input id="search" type="search" name="search" value={search} placeholder="Name or phone" maxlength={100} />
    <button class="btn" type="submit">
      <Icon name="search" />
      Find
    </button>
  </div>
)

const TextList = ({ review: { texts, samples, measured } }: { review: Review }) => (
  <>
    {texts.rows.length === 0 ? (
      <p class="quiet">Nobody who gets this text matches “{texts.search}”.</p>
    ) : (
      <ul role="list" class="samples">
        {texts.rows.map((text) => (
          <OneText text={text} kinds={kindsOf(samples, text)} nameless={measured.nameless.people} />
        ))}
      </ul>
    )}
    <TextPages texts={texts} />
  </>
)

const kindsOf = (samples: readonly Sample[], { person }: FinalText): SampleKind[] =>
  samples.find((sample) => sample.person.id === person.id && sample.person.phone === person.phone)?.kinds ?? []

function kindWords(kind: SampleKind, nameless: number): string {
  const words = { first: 'First on the list', longest: 'Longest text', shortest: 'Shortest text' }
  return kind === 'nameless' ? `${plural(nameless, 'person', 'people')} without a name` : words[kind]
}

const OneText = ({ text, kinds, nameless }: { text: FinalText; kinds: readonly SampleKind[]; nameless: number }) => (
  <li class="sample">
    <h3>
      {text.person.name.trim() || (text.person.id === 0 ? 'The office phone' : 'No name stored')}{' '}
      <small class="nowrap">{formatPhone(text.person.phone)}</small>
    </h3>
    <Bubble text={textParts(text.pieces)} />
    <p class="bubble-note">
      {[...kinds.map((kind) => kindWords(kind, nameless)), plural(text.characters, 'character'), plural(text.parts, 'part')].join(' · ')}
    </p>
  </li>
)

const TextPages = ({ texts: { total, page, pageSize, rows } }: { texts: Review['texts'] }) => {
  const last = Math.ceil(total / pageSize)
  if (last <= 1) return null
  const first = (page - 1) * pageSize + 1
  const from = Math.max(1, Math.min(page - 1, last - 2))
  const numbers = [from, from + 1, from + 2].filter((number) => number <= last)
  return (
    <nav class="pages" aria-label="Texts">
      <p>
        {count(first)} to {count(first + rows.length - 1)} of {count(total)} texts
      </p>
      <ul role="list">
        {page > 1 ? (
          <li>
            <button type="submit" name="page" value={page - 1}>
              Back
            </button>
          </li>
        ) : null}
        {numbers.map((number) => (
          <li>
            <button type="submit" name="page" value={number} aria-current={number === page ? 'page' : undefined}>
              {count(number)}
            </button>
          </li>
        ))}
        {page < last ? (
          <li>
            <button type="submit" name="page" value={page + 1}>
              Next
            </button>
          </li>
        ) : null}
      </ul>
    </nav>
  )
}
