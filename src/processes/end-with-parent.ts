import { Worker } from 'node:worker_threads'
import { siblingModule } from './sibling-module.ts'

/**
 * Ends this process when its parent is gone, even while the main thread is inside WebAssembly and answers nothing. The
 * parent says who it is (its pid is this process's last argument): one that died before this ran is noticed too.
 * A process behind a wall is given 0 and ends with its wall.
 */
export function endWithParent(): void {
  const workerData = Number(process.argv.at(-1))
  if (workerData === 0) return
  new Worker(siblingModule(import.meta.url, './watch-parent-worker'), {
    stdout: false,
    stderr: false,
    workerData,
  }).unref()
}
