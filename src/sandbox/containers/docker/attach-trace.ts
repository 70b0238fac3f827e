import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { untilAborted } from '../../../concurrency/until-aborted.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { TraceWatch } from '../../detection/tracer.ts'

/** A container that runs, as Docker tells of it. */
interface RunningContainer {
  /** Docker's own id, by which the runtime knows it. */
  readonly id: string
  /** The pid of gVisor's process on the host. */
  readonly pid: number
  /** The runtime's program. */
  readonly runsc: string
}

const attachMilliseconds = 15_000
const run = promisify(execFile)

/**
 * Has a running sandbox tell its calls. What its supervisor did until now was not heard; no code of a user has run in it.
 * Docker gives its runtime the same arguments for all containers, so that a session cannot be given along with the start.
 */
export async function attachTrace(container: RunningContainer, watch: TraceWatch, signal: AbortSignal): Promise<void> {
  const words = (await readFile(`/proc/${container.pid}/cmdline`, 'utf8')).split('\0')
  const root = words.find((word) => word.startsWith('--root='))
  if (root === undefined) throw untraced('it cannot be seen where its runtime keeps its state')
  const limit = AbortSignal.any([signal, AbortSignal.timeout(attachMilliseconds)])
  try {
    await run(container.runsc, [root, 'trace', 'create', '--config', watch.configPath, container.id], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      signal: limit,
    })
  } catch (thrown) {
    signal.throwIfAborted()
    throw untraced((thrown as Error).message.trim().slice(-300), thrown)
  }
  await untilAborted(watch.connected, limit)
}

function untraced(why: string, cause?: unknown): ServiceError {
  return new ServiceError('sandbox-unavailable', `A sandbox cannot be traced: ${why}`, {
    cause,
    advice:
      'Tracing under Docker takes root on the host of the daemon. Set sandbox.detection.mode to off to go without.',
  })
}
