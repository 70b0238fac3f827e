import Docker from 'dockerode'
import type { DaemonFacts } from './daemon-facts-shape.ts'
import { toDockerFault } from './docker-faults.ts'

interface Information {
  readonly Runtimes?: Readonly<
    Record<string, { readonly path?: string; readonly runtimeArgs?: readonly string[] | null }>
  >
  readonly SecurityOptions?: readonly string[] | null
}

/** Rejects with `sandbox-unavailable` and advice where the daemon or the image is not there. */
export async function readDaemonFacts(socketPath: string, image: string): Promise<DaemonFacts> {
  const docker = new Docker({ socketPath })
  try {
    const [information, found] = await Promise.all([
      docker.info() as Promise<Information>,
      docker.getImage(image).inspect(),
    ])
    const runtimes = Object.entries(information.Runtimes ?? {}).map(([name, { path, runtimeArgs }]) => [
      name,
      { path: path ?? '', arguments: [...(runtimeArgs ?? [])] },
    ])
    return {
      image: { id: found.Id, environment: found.Config.Env ?? [] },
      runtimes: Object.fromEntries(runtimes) as DaemonFacts['runtimes'],
      security: [...(information.SecurityOptions ?? [])],
    }
  } catch (thrown) {
    throw toDockerFault(thrown, 'looking for the sandbox image')
  }
}
