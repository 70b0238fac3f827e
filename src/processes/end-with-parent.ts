import { Worker } from 'node:worker_threads'
import { siblingModule } from './sibling-module.ts'

/**
 * Ends this process when its parent is gone, even while the main thread is inside WebAssembly and answers nothing. The
 * parent says who it is (its pid is this process's last argument): one that died before this ran is noticed too.
 */
export function endWithParent(): void {
  const workerData = Number(process.argv.at(-1))
  new Worker(siblingModule(import.meta.url, './watch-parent-worker'), {
    stdout: false,
    stderr: false,
    workerData,
  }).unref()
}
