import type { Sandboxes } from '../../../src/sandbox/sandboxes.ts'
import type { FakeSandbox } from '../executions/executions-desk.ts'

/** Sandboxes of a whole service that are a test's own. */
export function scriptedSandboxes(open: () => FakeSandbox): Sandboxes {
  return {
    claim: async () => open(),
    claimIsolate: async () => open(),
    choice: async () => ({ driver: 'runsc', reason: null }),
    available: async () => {},
    figures: async () => null,
    keepWarm: () => {},
    [Symbol.asyncDispose]: async () => {},
  } as unknown as Sandboxes
}
