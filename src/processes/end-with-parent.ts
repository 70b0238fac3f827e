import { Worker } from 'node:worker_threads'

const watchdog = `
  const { workerData: parent } = require('node:worker_threads')
  const look = () => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL') }
  look()
  setInterval(look, 250)
`

/**
 * Ends this process when its parent is gone, even while the main thread is inside WebAssembly and answers nothing. The
 * parent says who it is (its pid is this process's last argument): one that died before this ran is noticed too.
 */
export function endWithParent(): void {
  const parent = Number(process.argv.at(-1))
  new Worker(watchdog, { eval: true, stdout: false, stderr: false, workerData: parent }).unref()
}
