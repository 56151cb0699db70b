// `npm run tick`, `doctor`, `bench`, `dev`, `start:workerd`: `node deploy/run.mjs <name> [arguments]` runs src/cli/<name>.ts.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runNode } from './child.mjs'
import { makeDevVars } from './dev-vars.mjs'
import { root } from './install.mjs'
import { prepare } from './prepare.mjs'
import { stop } from './say.mjs'

const [name, ...rest] = process.argv.slice(2)
const serving = name === 'dev' || name === 'start-workerd'
if (!name || !existsSync(join(root, `src/cli/${name}.ts`))) stop(`There is no command ${name ?? ''}: see the scripts of package.json.`)

await prepare('server', ...(serving ? ['worker'] : []))
if (serving) makeDevVars()
runNode(['--enable-source-maps', `dist/${name}.js`, ...rest])
