// `node --env-file=SETTINGS deploy/vps/health.mjs SECONDS`: exit 0 as soon as the server answers, 1 when it has not by then.
const { HOST, PORT } = process.env
const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[HOST] ?? (HOST || '127.0.0.1')
const url = `http://${host.includes(':') ? `[${host}]` : host}:${PORT || 8787}/health`
const until = Date.now() + Number(process.argv[2]) * 1000

let last = 'no answer'
while (Date.now() < until) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) })
    if (answer.ok) process.exit(0)
    last = `HTTP ${answer.status}`
  } catch {
    last = 'no answer'
  }
  await new Promise((resolve) => setTimeout(resolve, 250))
}
process.stderr.write(`${url}: ${last}\n`)
process.exit(1)
