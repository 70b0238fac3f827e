import { createHash } from 'node:crypto'
import { connect, createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../core/errors.ts'

/** How often a held lock is tried again, in milliseconds. */
const retryMilliseconds = 5

/** A lock that is held. */
export interface FileLock {
  /** Has anybody tried to take it since? */
  readonly wanted: boolean
  /** Called once, when somebody tries to take it. */
  onWanted(wanted: () => void): void
  release(): Promise<void>
}

/**
 * How long whoever gave a lock up for another waits before taking it again, in milliseconds: the other looks for it often
 * enough to be there first.
 */
export const turnMilliseconds = 3 * retryMilliseconds

/**
 * Takes a lock of this machine that is named after `path`: all who take it give the same path. The lock is a socket name
 * in Linux's abstract namespace: the kernel frees it when its holder dies, so there is no stale lock to take over. It
 * reaches as far as the network namespace: containers that share a file do not share the lock. Whoever waits connects to
 * the socket, so that a holder who keeps the lock for long knows of them. Throws `service-unavailable`, which is worth
 * another try, where others held it for the whole wait.
 */
export async function takeFileLock(path: string, patienceMilliseconds: number): Promise<FileLock> {
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
    knock(name)
    await sleep(retryMilliseconds)
    held = await hold(name)
  }
  return held
}

/** Runs `work` under the lock of `path`, and gives it up then. */
export async function withFileLock<T>(path: string, patienceMilliseconds: number, work: () => Promise<T>): Promise<T> {
  const lock = await takeFileLock(path, patienceMilliseconds)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

function hold(name: string): Promise<FileLock | null> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(name, () => resolve(heldBy(server)))
  })
}

function heldBy(server: Server): FileLock {
  let wanted = false
  let tell = (): void => undefined
  server.on('connection', (socket) => {
    socket.on('error', () => undefined)
    socket.destroy()
    if (wanted) return
    wanted = true
    tell()
  })
  return {
    get wanted() {
      return wanted
    },
    onWanted: (callback) => {
      tell = callback
    },
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
      }),
  }
}

/** Tells the holder that somebody waits; there may be none any more. */
function knock(name: string): void {
  const socket = connect(name)
  const done = (): void => {
    socket.destroy()
  }
  socket.on('error', done)
  socket.on('connect', done)
}
