import Docker from 'dockerode'
import { processesWith } from '../processes/processes-with.ts'
import { dockerSocket } from '../sandbox/docker-sandbox.ts'

/** Docker's ids of the sandboxes of a process whose kernel runs now; Docker has one that ends in its list for a moment longer. */
export async function sandboxesOf(pid: number): Promise<readonly string[]> {
  const filters = { label: [`sallyport.owner-pid=${pid}`] }
  const found = await new Docker({ socketPath: dockerSocket }).listContainers({ filters })
  return stillRunning(found.map(({ Id }) => Id))
}

/** Those whose kernel still runs, by the processes of the host and by nothing that a service or Docker says of them. */
export function stillRunning(sandboxes: readonly string[]): readonly string[] {
  const kernels = new Set(processesWith('runsc-sandbox'))
  return sandboxes.filter((id) => processesWith(id).some((pid) => kernels.has(pid)))
}
