// Everything that can be checked without a sandbox. What reads the files runs beside the unit tests, which wait a lot; what
// it says is held until it has ended, so that the two do not talk into each other.
import { spawn } from 'node:child_process'
import { boundCompiledCode, COMPILED } from './compiled-code.mjs'

/** By the names of npm's scripts, one after another. */
const readers = ['lint', 'format:check', 'unused']

/**
 * @param {string} script
 * @param {string[]} parameters
 * @param {'inherit' | 'pipe'} output
 * @returns {Promise<{ script: string, isGood: boolean, said: string }>}
 */
function run(script, parameters, output) {
  const env = {
    // The linter's reader of types is a Go program: it ends sooner where its collector runs less often.
    GOGC: '400',
    // Every worker of the tests, and every thread that they start, compiles what the others have, too.
    NODE_COMPILE_CACHE: COMPILED,
    ...process.env,
  }
  const stdio = /** @type {const} */ (['ignore', output, output])
  const child = spawn(process.execPath, ['--run', script, '--', ...parameters], { env, stdio: [...stdio] })
  /** @type {Buffer[]} */
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ script, isGood: false, said: error.message }))
    child.on('close', (status) => resolve({ script, isGood: status === 0, said: Buffer.concat(said).toString() }))
  })
}

boundCompiledCode(COMPILED)
const tests = run('test:unit', process.argv.slice(2), 'inherit')
const read = []
for (const script of readers) read.push(await run(script, [], 'pipe'))
const results = [await tests, ...read]
for (const { script, isGood, said } of read) if (!isGood) process.stderr.write(`✖ npm run ${script}\n${said}\n`)
const failed = results.filter(({ isGood }) => !isGood).map(({ script }) => script)
if (failed.length > 0) process.stderr.write(`✖ Failed: ${failed.join(', ')}.\n`)
process.exitCode = failed.length === 0 ? 0 : 1
