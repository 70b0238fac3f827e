import { parentPort, workerData } from 'node:worker_threads'
import { failureOf, SqliteFile } from './sqlite-file.ts'
import type { Order, Outcome, Said, SqliteThreadData, Work } from './sqlite-orders.ts'

/** The program of the thread that has the file open: it waits for the disk, so that nothing else has to. */
let file: SqliteFile | null = null

function carryOut(work: Work): readonly Outcome[] {
  if (work.kind === 'close') {
    file?.close()
    file = null
    parentPort?.close()
    return []
  }
  try {
    file ??= new SqliteFile(workerData as SqliteThreadData)
  } catch (thrown) {
    const failed: Outcome = { kind: 'failed', failure: failureOf(thrown) }
    return work.kind === 'group' ? work.statements.map(() => failed) : [failed]
  }
  return work.kind === 'group' ? file.group(work.statements) : [file.single(work.statement)]
}

function say(said: Said): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(said)
}

parentPort?.on('message', ({ number, work }: Order) => say({ number, outcomes: carryOut(work) }))
say('loaded')
