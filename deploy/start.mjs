// `npm start`: from a fresh clone to the first page on Node and SQLite.
import { runNode } from './child.mjs'
import { makeDevVars } from './dev-vars.mjs'
import { prepare } from './prepare.mjs'

await prepare('server')
makeDevVars()

runNode(['--enable-source-maps', 'dist/server.js'])
