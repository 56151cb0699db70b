import type { BlastView } from '../../src/blasts/view'
import type { BlameKind } from '../ui/blame'
import { count } from '../ui/format'
import type { Reason } from '../ui/reasons'

type Blame = BlastView['reasons'][number]['explanation']['blame']

const kinds: Record<Blame, BlameKind | undefined> = {
  'their phone': 'phone',
  'their number': 'number',
  'their choice': 'choice',
  'our settings': 'settings',
  'our text': 'text',
  carrier: 'carrier',
  nobody: undefined,
}

/** Failures with their cause, whose it is, what follows, and the way to the people. */
export const reasonRows = ({ reasons, blast }: BlastView): Reason[] =>
  reasons.map(({ n, explanation, codes, key }) => ({
    n,
    title: explanation.title,
    by: kinds[explanation.blame],
    text: explanation.fix ? `${explanation.what} ${explanation.fix}` : explanation.what,
    code: codes.length > 0 ? `Twilio ${codes.join(', ')}` : undefined,
    link: { href: `/logs/${blast.id}?status=${key}#people`, label: n === 1 ? 'See who' : `See the ${count(n)}` },
  }))
