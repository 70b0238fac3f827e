import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { IsolateEngine } from '../../src/sandbox/isolates/isolate-engine.ts'
import { isolateOptions } from '../../src/sandbox/isolates/options.ts'
import { vettedJavaScript } from '../support/vetted.ts'
import { figure, type Figures, report, timed } from './figures.ts'

const never = new AbortController().signal
const job = '[1, 2, 3].map((value) => value * 2).join()'

/**
 * Claim, one tiny job, and back, by one tenant: with the isolate kept between sessions, and with one for each; against a
 * Node process of its own for the same job.
 */
export async function benchIsolate(): Promise<void> {
  const node = await timed(10, () => promisify(execFile)(process.execPath, ['-e', job]))
  await using kept = new IsolateEngine(isolateOptions.parse({ ready: 2, maximum: 4 }))
  await using renewed = new IsolateEngine(isolateOptions.parse({ ready: 2, maximum: 4, sessions_per_isolate: 1 }))
  const code = await vettedJavaScript(job)
  const once = async (engine: IsolateEngine) => {
    await using sandbox = await engine.claim({ tenant: 'bench', language: 'javascript' }, never)
    const { outcome } = await sandbox.run(code, {}, never)
    if (outcome !== 'ok') throw new Error(`ok expected, not ${outcome}`)
  }
  const figures: Figures = {}
  for (const [name, engine] of [
    ['isolate_job', kept],
    ['isolate_job_isolate_each', renewed],
  ] as const) {
    await timed(50, () => once(engine))
    const samples = await timed(1000, () => once(engine))
    figures[name] = figure(samples, { reference: { name: 'node process', samples: node } })
    const { n, rate } = await rateOf(() => once(engine), 5)
    figures[`${name}_rate`] = { unit: 'per second', n, p50: rate, p95: rate, p99: rate, value: rate }
  }
  report('isolate', figures)
}

/** Two at a time, for so many seconds. */
async function rateOf(
  once: () => Promise<void>,
  seconds: number,
): Promise<{ readonly n: number; readonly rate: number }> {
  const until = performance.now() + seconds * 1000
  let n = 0
  const lane = async () => {
    while (performance.now() < until) {
      await once()
      n += 1
    }
  }
  await Promise.all([lane(), lane()])
  return { n, rate: n / seconds }
}
