// `node deploy/vps/build.mjs`: packages and programs of the release that this file is in.
import { prepare } from '../prepare.mjs'

await prepare('server', 'worker')
