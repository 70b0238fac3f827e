import { workerData } from 'node:worker_threads'

/** The program of a thread that ends its process when the parent, whose pid it is given, is no longer the parent. */
const look = () => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL')
}
look()
setInterval(look, 250)
