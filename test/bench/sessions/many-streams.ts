import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unvetted } from '../../contract/sandbox-contract.ts'
import type { Served } from '../../support/cli/sallyport-process.ts'
import { createTestRunscEngine } from '../../support/sandbox/runsc-sandbox.ts'
import { canaryProgram } from '../../support/sessions/canary-model.ts'
import { newCanary, readCanaryStream, type CanaryStream } from '../../support/sessions/canary-stream.ts'
import { figure, type Figures } from '../figures.ts'
import { PinnedProcess } from '../pass-through/pinned-process.ts'
import { poolOf, serviceBytes, startSessionService, untilReady } from './service.ts'

/** One begins after another, milliseconds; all are open before the first one's answer ends. */
const apart = 50
/** Of each answer: pieces that the model writes, and the milliseconds between two. */
const [pieces, pause] = [40, 200]

/** Each begins at its time, whatever became of those before it. */
async function paced<Result>(count: number, begin: (index: number) => Promise<Result>): Promise<Result[]> {
  return await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await sleep(index * apart)
      return await begin(index)
    }),
  )
}

/** What a session waits for without a service: a sandbox that stands ready, and its first cell. Milliseconds. */
async function engineAlone(count: number): Promise<number[]> {
  await using engine = createTestRunscEngine({ warm: true, settings: { pool: poolOf(count) } })
  const never = new AbortController().signal
  while (engine.figures.ready < count) await sleep(100)
  await using held = new AsyncDisposableStack()
  return await paced(count, async () => {
    const canary = newCanary()
    const started = performance.now()
    const sandbox = held.use(await engine.claim({ tenant: 'bench', language: 'python' }, never))
    const { stdout } = await sandbox.run(unvetted(canaryProgram(canary)), { timeoutMilliseconds: 60_000 }, never)
    const took = performance.now() - started
    if (!stdout.text.startsWith(canary)) throw new Error(`${canary} expected, not ${stdout.text}`)
    return took
  })
}

function refuseCrossTalk(streams: readonly CanaryStream[]): void {
  const wrong = streams.find(
    ({ canary, seen, printed, status }) =>
      status !== 'completed' || printed !== `${canary} 499500\n` || seen.size !== 1 || !seen.has(canary),
  )
  if (wrong !== undefined) throw new Error(`A stream has not its own alone: ${JSON.stringify([wrong, ...wrong.seen])}`)
}

/** What the service's memory is at its highest until `work` has ended. */
async function withPeak<Result>(
  service: Served,
  work: () => Promise<Result>,
): Promise<{ result: Result; peak: number }> {
  let peak = 0
  const look = (): void => {
    peak = Math.max(peak, serviceBytes(service))
  }
  const clock = setInterval(look, 100)
  try {
    const result = await work()
    look()
    return { result, peak }
  } finally {
    clearInterval(clock)
  }
}

/**
 * So many sessions that stream at the same time, each with a question, a program in a sandbox of its own and an answer that the model
 * writes for eight seconds; beside as many first cells of the engine alone, at the same pace.
 */
export async function manyStreams(count: number): Promise<Figures> {
  const alone = await engineAlone(count)
  const script = join(import.meta.dirname, 'canary-model-subject.ts')
  const command = [process.execPath, script, String(pieces), String(pause)]
  await using model = await PinnedProcess.start(command, { processor: null, ready: /listens on (http:\S+)\n/ })
  const address = /listens on (http:\S+)/.exec(model.output)?.[1] ?? ''
  await using service = await startSessionService({ ready: count, model: address })
  // What is opened with the first question, and what the engine compiles with the first ones, is no part of a figure.
  refuseCrossTalk(await paced(10, () => readCanaryStream(service, newCanary())))
  await untilReady(service, count)
  const before = serviceBytes(service)
  const { result: streams, peak } = await withPeak(service, () =>
    paced(count, () => readCanaryStream(service, newCanary())),
  )
  refuseCrossTalk(streams)
  return {
    'sessions.first_text': figure(streams.map(({ firstText }) => firstText)),
    'sessions.first_cell': figure(
      streams.map(({ firstResult }) => firstResult),
      { reference: { name: 'the engine alone', samples: alone } },
    ),
    'sessions.first_cell_engine': figure(alone),
    'sessions.cell_after_text': figure(
      streams.map(({ firstText, firstResult }) => firstResult - firstText),
      { reference: { name: 'the engine alone', samples: alone } },
    ),
    'sessions.memory': figure([(peak - before) / count], { unit: 'bytes' }),
  }
}
