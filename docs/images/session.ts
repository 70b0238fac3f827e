/**
 * Makes `session.svg` from a real session: asks a question of the demo in a terminal of its own and draws what it
 * printed. `node docs/images/session.ts` after a change to what a session looks like.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawTerminal, recordTerminal } from './terminal-picture.ts'

const command = 'sallyport ask "Which product categories bring the most margin?"'

writeFileSync(join(import.meta.dirname, 'session.svg'), drawTerminal(command, await recordTerminal(command)))
