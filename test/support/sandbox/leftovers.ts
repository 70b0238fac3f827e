import Docker from 'dockerode'
import { setTimeout as sleep } from 'node:timers/promises'

/** Label that every sandbox container carries; its value is the owner's process id. */
const ownerLabel = 'sallyport.owner-pid'

/** Sandbox containers of one service process. */
export async function containersOf(pid: number): Promise<readonly string[]> {
  const containers = await new Docker().listContainers({ all: true, filters: { label: [`${ownerLabel}=${pid}`] } })
  return containers.map((container) => container.Id)
}

/** Waits until `look` finds nothing, or the time is over; answers what was found last. */
export async function untilNothing<Found>(
  look: () => Promise<readonly Found[]>,
  milliseconds: number,
): Promise<readonly Found[]> {
  const deadline = Date.now() + milliseconds
  for (;;) {
    const found = await look()
    if (found.length === 0 || Date.now() > deadline) return found
    await sleep(200)
  }
}
