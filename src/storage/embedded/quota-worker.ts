import { parentPort, workerData } from 'node:worker_threads'
import { QuotaFile } from './quota-file.ts'
import type { QuotaMessage, QuotaReply } from './quota-orders.ts'
import { failureOf } from './sqlite-file.ts'
import type { SqliteThreadData } from './sqlite-orders.ts'

/** The program of the thread that has the file of the quotas open. */
let file: QuotaFile | null = null

function reply({ number, now, work }: QuotaMessage): QuotaReply {
  try {
    file ??= new QuotaFile(workerData as SqliteThreadData)
    if (work.kind !== 'checkpoint') return { number, kind: 'done', ...file.carryOut(work, now) }
    file.checkpoint()
    return { number, kind: 'done', answers: [], recovered: 0 }
  } catch (thrown) {
    return { number, kind: 'failed', failure: failureOf(thrown) }
  }
}

parentPort?.on('message', (message: QuotaMessage) => {
  if (message.work.kind === 'close') {
    file?.close()
    file = null
    parentPort?.close()
    return
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(reply(message))
})
