// `npm run simulate`: tests/simulation/run.ts.
import { install } from './install.mjs'
import { runTool } from './tool.mjs'

await install()
await runTool('simulation')
