/**
 * `npm test`: every project, the quick ones first. Arguments go to vitest, e.g. `npm test -- --project unit`.
 * Runs vitest in a process of its own, so that it gets the flags isolated-vm needs. Its workers, one for each file, share
 * what they have compiled, vitest itself above all.
 */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { boundCompiledCode, COMPILED } from '../setup/compiled-code.mjs'

const root = resolve(import.meta.dirname, '..')
const vitest = resolve(root, 'node_modules/vitest/vitest.mjs')
boundCompiledCode(COMPILED)
const env = { NODE_COMPILE_CACHE: COMPILED, ...process.env }
const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], { cwd: root, env, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
