import type { SandboxOperations, SeenSandbox } from '../../../src/core/sandbox-operations.ts'

export const exampleSandbox: SeenSandbox = {
  id: 'sbx-0123456789abcdef',
  kind: 'container',
  driver: 'runsc',
  state: 'running',
  kernel: '[    0.000000] Starting gVisor...',
  origin: 'snapshot',
  holder: 'key_ann',
  ageMilliseconds: 60_000.4,
  heldMilliseconds: 1_000,
  idleMilliseconds: null,
  limits: { memoryMegabytes: 512, cpus: 1, processes: 64 },
}

/** Sandboxes of a service that has one in use, until it is ended. */
export function sandboxesDouble(): SandboxOperations & { readonly ended: readonly string[] } {
  const ended: string[] = []
  let isDraining = false
  return {
    ended,
    seen: async () => ({
      driver: { name: 'runsc', why: null, proof: 'stands', fault: null, missingWalls: ['No limit of tasks.'] },
      pool: { ready: 0, starting: 0, claimed: 1, waiting: 0, maximum: 16, maximumReady: 4 },
      isDraining,
      sandboxes: [exampleSandbox],
    }),
    end: async (id) => {
      if (id !== exampleSandbox.id) return false
      ended.push(id)
      return true
    },
    drain: async () => void (isDraining = true),
    resume: () => void (isDraining = false),
  }
}
