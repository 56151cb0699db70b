export type ProblemWords = {
  title: string
  text: string
  /** What to do next; null where no link of ours can help. */
  act: { href: string; label: string } | null
}

const home = { href: '/dashboard', label: 'To the start' }

const byStatus: Record<number, ProblemWords> = {
  400: {
    title: 'We could not read that',
    text: 'Something was missing from what your browser sent. Nothing was changed. Go back and try again.',
    act: home,
  },
  403: {
    title: 'Your role cannot do this',
    text: 'Nothing was changed. Only admins can; ask one of yours to do it, or to change your role.',
    act: home,
  },
  404: { title: 'There is nothing here', text: 'It may have been deleted, or the address has a slip in it.', act: home },
  409: {
    title: 'That is not possible any more',
    text: 'Somebody or something was faster. Nothing was changed; look at it again before you decide.',
    act: home,
  },
  413: {
    title: 'That is too big',
    text: 'Nothing was stored. A file can have 20 MB, a form 1 MB: split the file and send it in parts.',
    act: home,
  },
  421: {
    title: 'This address is not ours',
    text: 'The app does not answer under this name. Use the address you were given, or ask whoever runs the server to add this one to TRUSTED_HOSTS.',
    act: null,
  },
  429: { title: 'That was too often', text: 'Nothing was changed. Wait a minute, then try again.', act: home },
  500: {
    title: 'That did not work, and it is our fault',
    text: 'Look whether it was done before you do it again: a text pressed twice still goes out once.',
    act: home,
  },
  503: { title: 'We cannot be reached right now', text: 'Nothing was changed. Wait a minute, then try again.', act: home },
}

const ours: ProblemWords = {
  title: 'That did not work, and it is our fault',
  text: 'Look whether it was done before you do it again.',
  act: home,
}
const theirs: ProblemWords = { title: 'That did not work', text: 'Nothing was changed. Go back and try again.', act: home }

/** Plain words for an HTTP status. A feature that knows more says it in its own words instead. */
export const wordsFor = (status: number): ProblemWords => byStatus[status] ?? (status >= 500 ? ours : theirs)
