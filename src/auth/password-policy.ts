/** Longer is no password of ours, and hashing it would cost time. */
export const maxPasswordLength = 1000

export type PasswordPolicy = { minLength: number; username: string }

const kinds = [
  { asks: 'a lowercase letter', pattern: /\p{Ll}/u },
  { asks: 'a capital letter', pattern: /\p{Lu}/u },
  { asks: 'a digit', pattern: /\p{Nd}/u },
  { asks: 'a symbol', pattern: /[\p{P}\p{S}]/u },
]

type Rule = {
  /** As part of the sentence that tells all rules beforehand. */
  asks(policy: PasswordPolicy): string
  /** What to do about it, or null where the rule is kept. `password` is as it will be hashed. */
  mend(password: string, policy: PasswordPolicy): string | null
}

const rules: readonly Rule[] = [
  {
    asks: ({ minLength }) => `At least ${minLength} characters`,
    mend: (password, { minLength }) => ([...password].length < minLength ? `Make it at least ${minLength} characters long.` : null),
  },
  {
    asks: () => `with ${list(kinds.map(({ asks }) => asks))}`,
    mend: (password) => {
      const missing = kinds.filter(({ pattern }) => !pattern.test(password)).map(({ asks }) => asks)
      return missing.length > 0 ? `Add ${list(missing)}.` : null
    },
  },
  {
    asks: () => 'without the username',
    mend: (password, { username }) => (folded(password).includes(folded(username)) ? 'Leave the username out of it.' : null),
  },
]

/** All rules in one sentence. */
export const passwordHint = (policy: PasswordPolicy): string => `${rules.map(({ asks }) => asks(policy)).join(', ')}.`

/** Everything that is wrong with a new password, in words for staff; null where nothing is. Former passwords are not looked at. */
export function passwordFault(password: string, policy: PasswordPolicy): string | null {
  if (password === '') return 'Type a new password.'
  const mends = rules.flatMap(({ mend }) => mend(password.normalize('NFKC'), policy) ?? [])
  return mends.length > 0 ? mends.join(' ') : null
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase()

const list = (words: readonly string[]) => new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(words)
