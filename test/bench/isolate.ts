import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { IsolateEngine } from '../../src/sandbox/drivers/isolate/isolate-engine.ts'
import { isolateOptions } from '../../src/sandbox/drivers/isolate/options.ts'
import { vettedJavaScript } from '../support/vetted.ts'
import { figure, report, timed } from './figures.ts'

const never = new AbortController().signal
const job = '[1, 2, 3].map((value) => value * 2).join()'

/** Claim, one tiny job, and back; against a Node process of its own for the same job. */
export async function benchIsolate(): Promise<void> {
  const node = await timed(10, () => promisify(execFile)(process.execPath, ['-e', job]))
  await using engine = new IsolateEngine(isolateOptions.parse({ ready: 2, maximum: 4, jobs_per_process: 100_000 }))
  const code = await vettedJavaScript(job)
  const once = async () => {
    await using sandbox = await engine.claim({ tenant: 'bench', language: 'javascript' }, never)
    const { outcome } = await sandbox.run(code, {}, never)
    if (outcome !== 'ok') throw new Error(`ok expected, not ${outcome}`)
  }
  await timed(50, once)
  const samples = await timed(1000, once)
  const seconds = 5
  const until = performance.now() + seconds * 1000
  let finished = 0
  const lane = async () => {
    while (performance.now() < until) {
      await once()
      finished += 1
    }
  }
  await Promise.all([lane(), lane()])
  const rate = finished / seconds
  report('isolate', {
    isolate_job: figure(samples, { reference: { name: 'node process', samples: node } }),
    isolate_job_rate: { unit: 'per second', n: finished, p50: rate, p95: rate, p99: rate, value: rate },
  })
}
