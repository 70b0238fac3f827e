/**
 * What runs hold while they go on: `node --expose-gc memory-subject.ts CHECKOUT` begins 20, whose model never says its last word, and prints the bytes of one. The
 * model stands at BENCH_MODEL_URL. With `without-results` behind it, no run keeps the rows that figures of its answer are held against.
 */
import { join } from 'node:path'
import type { RunResults } from '../../../src/grounding/references/run-results.ts'
import { answer, calls, openProduct } from './runs.ts'

const count = 20
/** Begun and ended before: what the engine compiles for the first ones is nothing that a run holds. */
const countBefore = 40
const [checkout = '', results = ''] = process.argv.slice(2)
if (results === 'without-results') {
  const path = join(checkout, 'src/grounding/references/run-results.ts')
  const loaded = (await import(path)) as { readonly RunResults: typeof RunResults }
  loaded.RunResults.prototype.add = () => undefined
}
const sallyport = await openProduct(checkout, process.env['BENCH_MODEL_URL'] ?? '')

/** Resolves when all calls of the run are answered. */
async function untilRead(stop: AbortController): Promise<void> {
  let left: number = calls.length
  await new Promise<void>((resolve, reject) => {
    void (async () => {
      for await (const event of answer(sallyport, stop.signal)) {
        if (event.type === 'tool-result') left -= 1
        if (left === 0) resolve()
        if (event.type === 'end') reject(new Error(`The run has ended before: ${event.message}`))
      }
    })().catch(reject)
  })
}

/** Bytes in use, those of buffers included, once what has ended is gone: on a busy machine that takes its time. */
async function held(): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let still = 0; still < 20; still += 1) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 200))
    const { heapUsed, external } = process.memoryUsage()
    if (heapUsed + external < least - 4_096) still = 0
    least = Math.min(least, heapUsed + external)
  }
  return least
}

for (let begun = 0; begun < countBefore; begun += 1) {
  const ends = new AbortController()
  await untilRead(ends)
  ends.abort()
}
const stop = new AbortController()
const before = await held()
for (let begun = 0; begun < count; begun += 1) await untilRead(stop)
process.stdout.write(`${JSON.stringify({ bytes: ((await held()) - before) / count })}\n`)
stop.abort()
process.exit()
