// In the place of node_modules/wrangler/bin/wrangler.js: an account in account.json, and every call in calls.jsonl.
import { appendFileSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const args = process.argv.slice(2)
const account = JSON.parse(readFileSync('account.json', 'utf8'))
const say = (text) => writeSync(1, `${text}\n`)
const end = (code, text) => {
  if (text) process.stderr.write(`✘ [ERROR] ${text}\n`)
  writeFileSync('account.json', JSON.stringify(account))
  process.exit(code)
}
appendFileSync('calls.jsonl', `${JSON.stringify({ args, env: Object.keys(process.env) })}\n`)

function ask(sql) {
  const database = new DatabaseSync('d1.sqlite')
  // Somebody else works on it meanwhile.
  if (account.works && sql.includes('FROM "users"')) database.exec('UPDATE job_runs SET ran_at = ran_at + 1')
  const rows = database.prepare(sql).all()
  database.close()
  return rows
}

const call = args.join(' ')
const last = args.at(-1)
if (call === 'whoami --json') {
  say(JSON.stringify({ loggedIn: account.signedIn, accounts: account.accounts }, null, 2))
  end(account.signedIn ? 0 : 1)
}
if (call === 'deploy --dry-run') {
  say('Total Upload: 1040.94 KiB / gzip: 322.44 KiB\n--dry-run: exiting now.')
  end(0)
}
if (!account.signedIn) end(1, 'In a non-interactive environment, set CLOUDFLARE_API_TOKEN')
if (account.fails && call.startsWith(account.fails)) end(1, account.saysWhenItFails)

if (call === 'd1 list --json') say(JSON.stringify(account.databases))
else if (call.startsWith('d1 create')) account.databases.push({ uuid: '11111111-2222-3333-4444-555555555555', name: last })
else if (call.startsWith('queues info'))
  end(account.queues.includes(last) ? 0 : 1, `Queue "${last}" does not exist. To create it, run: wrangler queues create`)
else if (call.startsWith('queues create')) account.queues.push(last)
else if (call === 'secret list --format json') {
  if (!account.worker) end(1, 'Worker "sms-admin" not found.\n\nIf this is a new Worker, run `wrangler deploy` first to create it.')
  say(
    JSON.stringify(
      Object.keys(account.secrets).map((name) => ({ name, type: 'secret_text' })),
      null,
      2,
    ),
  )
} else if (call === 'secret bulk') Object.assign(account.secrets, JSON.parse(readFileSync(0, 'utf8')))
else if (call === 'd1 migrations apply sms-admin --remote') account.migrated = true
else if (call.startsWith('d1 execute')) say(JSON.stringify(last.split(';\n').map((sql) => ({ results: ask(sql), success: true }))))
else if (call === 'deploy') account.worker = true
else end(1, `Unknown: ${call}`)
end(0)
