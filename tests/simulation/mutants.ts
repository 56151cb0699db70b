/** A bug planted into the engine's statements on their way to the database, to prove that the simulation finds it. */
export type Mutant = {
  name: string
  /** Each statement that matches is changed. */
  find: RegExp
  replace?: string
  /** The rules by which it shows. */
  breaks: readonly string[]
  /** Instead: it answers what it will do, and commits half a second later. */
  commitsLate?: boolean
}

const claim = /UPDATE message_deliveries SET\s+status = CASE WHEN .*'sending' END/s

export const mutants: readonly Mutant[] = [
  {
    name: 'no opt-out fence in the claim',
    breaks: ['nobody is claimed after an opt-out is stored'],
    find: /EXISTS \(SELECT 1 FROM unsubscribed_contacts o WHERE o\.phone = message_deliveries\.phone\)(?=.*claim_token = )/gs,
    replace: '0',
  },
  {
    name: 'completion without the token',
    breaks: [
      'nobody is texted twice',
      'nobody is lost',
      'who has the text is not told otherwise',
      'an end is the provider’s',
      'the latest text is the one recorded',
    ],
    find: /claim_token = r\.token/g,
    replace: '1',
  },
  {
    name: 're-queue of an unknown without asking',
    breaks: ['nobody is texted twice', 'nobody is lost', 'who has the text is not told otherwise'],
    find: /SET status = 'unknown', lease_until_at = NULL(?=.*lease_until_at <= )/s,
    replace: `SET status = 'queued', lease_until_at = NULL`,
  },
  {
    name: 'a callback moves a status backwards',
    breaks: ['what the provider said never goes backwards'],
    find: /(AND claim_token = \?.*)AND status IN \(SELECT value FROM json_each\(\?\)\)(\s+RETURNING)/s,
    replace: '$1AND ? IS NOT NULL$2',
  },
  {
    name: 'the request leaves before the claim is on disk',
    breaks: ['a claim is on disk before its request leaves, and is for one'],
    find: claim,
    commitsLate: true,
  },
  {
    name: 'cancel spares nobody',
    breaks: ['nobody is lost'],
    find: /SET status = 'skipped', skip_reason = \?(?=.*AND status = 'queued')/s,
    replace: 'SET skip_reason = ?',
  },
  {
    name: 'a claim asks not what became of its blast',
    breaks: ['only a blast that is being sent is claimed'],
    find: /AND l\.status = 'processing' AND l\.throttled/g,
    replace: 'AND l.throttled',
  },
  {
    name: 'an unknown is queued again at the first look',
    breaks: ['nobody is texted twice', 'nobody is lost', 'who has the text is not told otherwise'],
    find: /SET not_before_at = \?( WHERE id = \? AND claim_token = \? AND status = 'unknown')/,
    replace: `SET status = 'queued', not_before_at = ?$1`,
  },
]
