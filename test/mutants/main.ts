/**
 * `npm run mutants -- FOLDER...`: puts small faults into copies of the tree and lists those that no test finds. Needs no
 * containers, and writes nothing in the checkout.
 */
import { resolve } from 'node:path'
import { huntArguments } from './arguments.ts'
import { hunt, type HuntOptions } from './hunt.ts'
import { describeMutant } from './mutant.ts'
import { reportText } from './report.ts'

const root = resolve(import.meta.dirname, '../..')
const given = huntArguments(process.argv.slice(2), root)
if (typeof given === 'string') {
  process.stderr.write(`✖ ${given}\n`)
  process.exitCode = 2
} else {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
  const { json, ...options } = given
  // What was found is known even where the hunt is stopped.
  const onFate: HuntOptions['onFate'] = (mutant, fate, { done, of }) => {
    if (fate === 'survived') process.stderr.write(`survived: ${describeMutant(mutant)}\n`)
    if (done % 10 === 0) process.stderr.write(`${done} of ${of}\n`)
  }
  try {
    const report = await hunt({ root, onFate, ...options }, stop.signal)
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report))
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown
    process.stderr.write('✖ Stopped; nothing is left of it.\n')
    process.exitCode = 130
  }
}
