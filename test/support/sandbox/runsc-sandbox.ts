import type { SandboxEvent } from '../../../src/core/facts.ts'
import { join } from 'node:path'
import { createDockerImageSource } from '../../../src/sandbox/containers/docker/image-source.ts'
import { createRunscDriver } from '../../../src/sandbox/containers/runsc/runsc-driver.ts'
import type { SandboxDriver } from '../../../src/sandbox/driver.ts'
import { createSandboxEngine, type OperableSandboxEngine } from '../../../src/sandbox/engine/engine.ts'
import { createLimits } from '../../../src/sandbox/limits.ts'
import { sandboxOptions, type SandboxOptions } from '../../../src/sandbox/options.ts'
import { readState, stateFolder } from '../../../setup/state.mjs'
import { dockerSocket, sandboxImage } from './docker-sandbox.ts'

interface TestRunscOptions {
  readonly settings?: { readonly [Key in keyof SandboxOptions]?: unknown }
  readonly warm?: boolean
  readonly snapshots?: boolean
  /** False for the checkpoint of single commands, whose sandboxes share no memory. */
  readonly sharesMemory?: boolean
  readonly onEvent?: (event: SandboxEvent) => void
}

export function createTestRunscDriver(
  settings: SandboxOptions,
  { snapshots = true, sharesMemory = true }: Pick<TestRunscOptions, 'snapshots' | 'sharesMemory'> = {},
): SandboxDriver {
  const binary = process.env['SALLYPORT_TEST_RUNSC'] ?? readState().runsc?.path
  if (binary === undefined) throw new Error('set-up has not installed runsc')
  return createRunscDriver({
    binary,
    image: createDockerImageSource({ socketPath: dockerSocket, image: sandboxImage() }),
    stateFolder: join(stateFolder(), 'runsc'),
    runFolder: '/run/sallyport/runsc',
    limits: createLimits(settings.limits),
    snapshots,
    sharesMemory,
    startsInThread: sharesMemory,
    sharing: settings.sharing,
    rootless: false,
    onSnapshotFault: (fault) => {
      throw fault
    },
  })
}

export function createTestRunscEngine(options: TestRunscOptions = {}): OperableSandboxEngine {
  const settings = sandboxOptions.parse(options.settings ?? {})
  return createSandboxEngine({
    driver: createTestRunscDriver(settings, options),
    settings,
    warm: options.warm ?? false,
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  })
}
