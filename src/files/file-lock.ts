import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../core/errors.ts'

/** How often a held lock is tried again, in milliseconds. */
const retryMilliseconds = 5

/**
 * Runs `work` under a lock of this machine that is named after `path`: all who take the lock give the same path. The
 * lock is a socket name in Linux's abstract namespace: the kernel frees it when its holder dies, so there is no stale
 * lock to take over. It reaches as far as the network namespace: containers that share a file do not share the lock.
 * Throws `service-unavailable`, which is worth another try, where others held it for the whole wait.
 */
export async function withFileLock<T>(path: string, patienceMilliseconds: number, work: () => Promise<T>): Promise<T> {
  const name = `\0sallyport-${createHash('sha256').update(path).digest('hex').slice(0, 40)}`
  const until = performance.now() + patienceMilliseconds
  let held = await hold(name)
  while (held === null) {
    if (performance.now() > until) {
      throw new ServiceError(
        'service-unavailable',
        `${path} is in use by another process for ${patienceMilliseconds} ms`,
        {
          advice: 'Try again when the other one is done with it.',
        },
      )
    }
    await sleep(retryMilliseconds)
    held = await hold(name)
  }
  const server = held
  try {
    return await work()
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

function hold(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(name, () => resolve(server))
  })
}
