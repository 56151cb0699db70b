const words = {
  phone: 'Their phone',
  number: 'Their number',
  choice: 'Their choice',
  carrier: 'The carrier',
  settings: 'Our Twilio settings',
  text: 'Our text',
} as const

export type BlameKind = keyof typeof words

/** Who is at fault, behind a failure's title. Red only when it is us. */
export const Blame = ({ by }: { by: BlameKind }) => (
  <span class={by === 'settings' || by === 'text' ? 'blame blame-us' : 'blame'}>{words[by]}</span>
)
