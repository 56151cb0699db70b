// `npm run chaos`: builds the program, and runs tests/chaos/run.ts against it.
import { prepare } from './prepare.mjs'
import { runTool } from './tool.mjs'

await prepare('server', 'worker')
await runTool('chaos', ['--disable-warning=ExperimentalWarning'])
