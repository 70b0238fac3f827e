import { setTimeout as sleep } from 'node:timers/promises'
import type { Container } from 'dockerode'
import { ServiceError } from '../../../core/errors.ts'
import { isUnreachable, statusOf, toDockerFault } from './docker-faults.ts'

const removalMilliseconds = 15_000

/** Removes a container and sees that it is gone. */
export async function removeContainer(container: Container): Promise<void> {
  const deadline = performance.now() + removalMilliseconds
  for (;;) {
    const failure = await container.remove({ force: true, v: true }).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    // A daemon that is not there will not be there in a moment: whoever asked tries again later.
    if (isUnreachable(failure)) throw toDockerFault(failure, 'removing a sandbox')
    const gone = await container.inspect().then(
      () => false,
      (thrown: unknown) => statusOf(thrown) === 404,
    )
    if (gone) return
    if (performance.now() > deadline) {
      // 409: a removal is under way already; it is gone when Docker no longer knows it.
      const isKnown = failure === null || [404, 409].includes(statusOf(failure) ?? 0)
      if (!isKnown) throw toDockerFault(failure, 'removing a sandbox')
      throw new ServiceError('sandbox-unavailable', 'A sandbox could not be removed in time')
    }
    await sleep(50)
  }
}
