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

const evenly = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index * apart)

/** Each begins at its time, milliseconds from now, whatever became of those before it. */
async function paced<Result>(times: readonly number[], begin: () => Promise<Result>): Promise<Result[]> {
  const started = performance.now()
  return await Promise.all(
    times.map(async (time) => {
      await sleep(Math.max(0, started + time - performance.now()))
      return await begin()
    }),
  )
}

/** What a session waits for without a service: a sandbox that stands ready, and its first cell, asked for at these times. Milliseconds. */
async function engineAlone(times: readonly number[]): Promise<number[]> {
  const count = times.length
  await using engine = createTestRunscEngine({ warm: true, settings: { pool: poolOf(count) } })
  const never = new AbortController().signal
  while (engine.figures.ready < count) await sleep(100)
  await using held = new AsyncDisposableStack()
  return await paced(times, async () => {
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

interface Streamed {
  readonly streams: readonly (CanaryStream & { readonly began: number })[]
  /** Bytes of the service for a stream. */
  readonly memory: number
}

/** So many sessions that stream at the same time, each with a question, a program in a sandbox of its own and an answer that the model writes for eight seconds. */
async function streamed(count: number): Promise<Streamed> {
  const script = join(import.meta.dirname, 'canary-model-subject.ts')
  const command = [process.execPath, script, String(pieces), String(pause)]
  await using model = await PinnedProcess.start(command, { processor: null, ready: /listens on (http:\S+)\n/ })
  const address = /listens on (http:\S+)/.exec(model.output)?.[1] ?? ''
  await using service = await startSessionService({ ready: count, model: address })
  // What is opened with the first question, and what the engine compiles with the first ones, is no part of a figure.
  refuseCrossTalk(await paced(evenly(10), () => readCanaryStream(service, newCanary())))
  await untilReady(service, count)
  const before = serviceBytes(service)
  const started = performance.now()
  const { result: streams, peak } = await withPeak(service, () =>
    paced(evenly(count), async () => {
      const began = performance.now() - started
      return { ...(await readCanaryStream(service, newCanary())), began }
    }),
  )
  refuseCrossTalk(streams)
  return { streams, memory: (peak - before) / count }
}

/**
 * Many streams, beside as many first cells of the engine alone: at the pace of the streams, and at the very moments at which the calls of the streams were
 * there, which come in bursts.
 */
export async function manyStreams(count: number): Promise<Figures> {
  const alone = await engineAlone(evenly(count))
  const { streams, memory } = await streamed(count)
  const cells = streams.map(({ firstText, firstResult }) => firstResult - firstText)
  // Its model asks for the program in the moment in which it says its first words.
  const atOnce = await engineAlone(streams.map(({ began, firstText }) => began + firstText))
  const reference = { name: 'the engine alone', samples: alone }
  const firstText = streams.map((stream) => stream.firstText)
  const firstCell = streams.map(({ firstResult }) => firstResult)
  return {
    'sessions.first_text': figure(firstText),
    'sessions.first_cell': figure(firstCell, { reference }),
    'sessions.first_cell_engine': figure(alone),
    'sessions.cell_after_text': figure(cells, { reference: { name: 'the engine at these moments', samples: atOnce } }),
    'sessions.cell_engine_same_moments': figure(atOnce),
    'sessions.memory': figure([memory], { unit: 'bytes' }),
  }
}
