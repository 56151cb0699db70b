import { Note } from '../ui/note'
import type { Refusal } from './words'

/** Why nobody is in, or what led here. */
export const Refused = ({ refusal }: { refusal?: Refusal }) =>
  refusal ? (
    <div role="alert">
      <Note kind={refusal.kind ?? 'bad'} fact={refusal.fact}>
        {refusal.text}
      </Note>
    </div>
  ) : null
