import { parentPort, workerData } from 'node:worker_threads'
import { openWasmEngine } from '../wasm-engine.ts'
import type { ShadowAnswer, ShadowOrder, ShadowThreadData } from './shadow-orders.ts'

/** The program of the thread that has a shadow bundle open: however long its rules compute, nobody waits for them. */
const { packed, where } = workerData as ShadowThreadData
const opening = openWasmEngine(Buffer.from(packed), where)
const unused = new AbortController().signal

function say(answer: ShadowAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(answer)
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

async function answer({ number, name, input }: ShadowOrder): Promise<void> {
  try {
    const evaluated = await (await opening).evaluate(name, input, unused)
    say({ kind: 'evaluated', number, evaluated })
  } catch (thrown) {
    say({ kind: 'failed', number, fault: messageOf(thrown) })
  }
}

parentPort?.on('message', (order: ShadowOrder) => void answer(order))
opening.then(
  () => say({ kind: 'opened', fault: null }),
  (thrown: unknown) => say({ kind: 'opened', fault: messageOf(thrown) }),
)
