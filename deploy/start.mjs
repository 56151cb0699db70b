// `npm start`: from a fresh clone to the first page on Node and SQLite.
import { runNode } from './child.mjs'
import { makeDevVars } from './dev-vars.mjs'
import { prepare } from './prepare.mjs'
import { say } from './say.mjs'

await prepare('server')
makeDevVars()

runNode(['--enable-source-maps', 'dist/server.js'], {
  ipc: true,
  onMessage({ ready, address, firstAdmin }) {
    if (!ready) return
    say(`SMS Admin is at ${address}`)
    // The server gives the password only if it is the one of .dev.vars, and only in the start that made the user.
    if (firstAdmin) say(`First sign-in: ${firstAdmin.username} with ${firstAdmin.password ?? 'the password that ADMIN_PASSWORD holds'}`)
    if (process.stdout.isTTY) say('Ctrl-C stops it.')
  },
})
