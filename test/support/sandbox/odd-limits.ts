import { createLimits, type SandboxLimits } from '../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../src/sandbox/options.ts'

/** Limits of which no two are alike, so that one in the place of another is seen. */
export const oddLimits: SandboxLimits = {
  ...createLimits(sandboxLimitOptions.parse({})),
  cpus: 1.5,
  sandboxMemoryBytes: 5_000_000,
  hostTasks: 300,
  openFiles: 40,
  fileBytes: 50,
  dataBytes: 4097,
  temporaryBytes: 2048,
}
