import { classify } from '../../src/sms/outcome'
import { compileTemplate, render } from '../../src/sms/text'
import type { Known, Ledger } from './ledger'
import type { Message, Provider } from './provider'
import type { Ground } from './store'
import type { World } from './world'

type Row = {
  id: number
  logId: number
  phone: string
  name: string
  status: string
  skipReason: string | null
  sid: string | null
  /** Those of earlier attempts that definitely failed. */
  formerSids: string
  code: number | null
  needsPerson: number
  template: string
  blast: string
}
type Blast = { id: number; status: string; total: number; counts: string; stale: number; finishedAt: number | null; rows: number }

const holds = ['accepted', 'sent', 'delivered', 'undelivered']
const rank: Record<string, number> = { queued: 1, accepted: 1, sent: 2, delivered: 3, undelivered: 3, failed: 3 }

/** When all is quiet: the log against the provider's own record. */
export function judge(world: World, ground: Ground, ledger: Ledger, provider: Provider, members: number): void {
  const rows = ground.rows<Row>(`
    SELECT d.id, d.log_id AS "logId", d.phone, d.name, d.status, d.skip_reason AS "skipReason", d.provider_sid AS sid, d.former_sids AS "formerSids", d.error_code AS code,
      d.needs_person AS "needsPerson", l.message_body AS template, l.status AS blast
    FROM message_deliveries d JOIN message_logs l ON l.id = d.log_id ORDER BY d.id`)
  const bySid = new Map(provider.messages.map((message) => [message.sid, message]))
  for (const row of rows) {
    const known = ledger.deliveries.get(row.id)
    if (known) judgeDelivery(world, row, known, bySid)
  }
  const sids = rows.flatMap(({ sid }) => (sid === null ? [] : [sid]))
  if (new Set(sids).size < sids.length) world.violate('a text belongs to one delivery', sids.join(' '))
  judgeBlasts(world, ground, rows)
  judgeContacts(world, ground, rows, members)
}

function judgeDelivery(world: World, row: Row, { messages, again }: Known, bySid: ReadonlyMap<string, Message>): void {
  const { id, status, sid, phone, needsPerson } = row
  const what = `#${id} ${phone} is ${status}`
  if (['queued', 'sending'].includes(status) || (status === 'unknown' && !needsPerson)) world.violate('nobody is lost', what)
  if (sid !== null) {
    const message = bySid.get(sid)
    const template = compileTemplate(row.template)
    const body = template.ok ? render(template.template, row.name) : ''
    if (!message || message.to !== phone || message.body !== body)
      world.violate('a recorded text is at the provider', `${what} with ${sid}`)
    else if ((rank[status] ?? 0) > (rank[message.status] ?? 0))
      world.violate('no state is ahead of the provider', `${what}, there ${message.status}`)
    else if (rank[status] === 3 && status !== message.status) world.violate('an end is the provider’s', `${what}, there ${message.status}`)
  }
  const latest = messages.at(-1)
  if (sid !== null && latest && latest.sid !== sid && again === 0)
    world.violate('the latest text is the one recorded', `${what} with ${sid}, not ${latest.sid}`)
  const live = messages.filter((message) => !['failed', 'undelivered'].includes(message.status))
  // A person may say that it arrived, or give up; what they said then stands in place of what happened.
  const decided = row.skipReason === 'gave_up' || (status === 'accepted' && sid === null) || again > 0
  if (holds.includes(status) && sid === null && status !== 'accepted')
    world.violate('a recorded text is at the provider', `${what} without SID`)
  if (['failed', 'skipped'].includes(status) && live.length > 0 && !decided)
    world.violate('who has the text is not told otherwise', `${what}, but has ${live.map((message) => message.sid).join(' ')}`)
  if (status === 'skipped' && row.skipReason === null) world.violate('who is skipped is told why', what)
}

function judgeBlasts(world: World, ground: Ground, rows: readonly Row[]): void {
  const blasts = ground.rows<Blast>(`
    SELECT id, status, total_recipients AS total, counts, counts_stale AS stale, finished_at AS "finishedAt",
      (SELECT count(*) FROM message_deliveries WHERE log_id = message_logs.id) AS rows FROM message_logs`)
  for (const { id, status, total, counts, stale, finishedAt, rows: planned } of blasts) {
    const what = `blast ${id} is ${status}`
    if (!['sent', 'failed', 'cancelled'].includes(status) || finishedAt === null) world.violate('every blast comes to its end', what)
    const sum = Object.values(JSON.parse(counts) as Record<string, number>).reduce((a, b) => a + b, 0)
    if (planned !== total || sum !== total || stale)
      world.violate('planned is the sum of its parts', `${what}: ${total}, ${planned}, ${counts}`)
    for (const [state, n] of Object.entries(JSON.parse(counts) as Record<string, number>)) {
      const really = rows.filter((row) => row.logId === id && row.status === state).length
      if (really !== n) world.violate('planned is the sum of its parts', `${what}: ${n} ${state}, really ${really}`)
    }
    const accepted = rows.some((row) => row.logId === id && (row.sid !== null || row.formerSids !== '[]' || holds.includes(row.status)))
    if (status === 'sent' && !accepted) world.violate('`sent` is a blast of which one was accepted', what)
    if (status === 'failed' && accepted) world.violate('`failed` is a blast of which none was accepted', what)
  }
}

function judgeContacts(world: World, ground: Ground, rows: readonly Row[], members: number): void {
  const [count] = ground.rows<{ n: number }>('SELECT count(*) AS n FROM community_members')
  if (count?.n !== members) world.violate('nothing is deleted', `${count?.n} of ${members} members`)
  const blocked = new Set(ground.rows<{ phone: string }>('SELECT phone FROM suppressed_contacts').map(({ phone }) => phone))
  for (const { id, status, code, phone } of rows) {
    if (status !== 'failed' && status !== 'undelivered') continue
    if (classify(code) === 'suppress_permanent' && !blocked.has(phone))
      world.violate('a number that does not work is blocked', `#${id} ${phone}: ${code}`)
  }
}
