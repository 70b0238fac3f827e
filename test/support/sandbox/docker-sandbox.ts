import type { SandboxEvent } from '../../../src/core/facts.ts'
import { createDockerDriver } from '../../../src/sandbox/containers/docker/docker-driver.ts'
import { createSandboxEngine, type OperableSandboxEngine } from '../../../src/sandbox/engine/engine.ts'
import type { SandboxDriver } from '../../../src/sandbox/driver.ts'
import { sandboxOptions, type SandboxOptions } from '../../../src/sandbox/options.ts'
import { imageTag } from '../../../setup/image-tag.mjs'

export const dockerSocket = '/var/run/docker.sock'
export const gvisorRuntime = 'sallyport-runsc'

/** The image that set-up made of the files of this checkout. Set-up runs before the tests, so its absence is a failure. */
export function sandboxImage(): string {
  return process.env['SALLYPORT_TEST_IMAGE'] ?? imageTag()
}

export function createTestDriver(runtime = gvisorRuntime, image = sandboxImage()): SandboxDriver {
  return createDockerDriver({ socketPath: dockerSocket, image, runtime })
}

interface TestEngineOptions {
  readonly settings?: { readonly [Key in keyof SandboxOptions]?: unknown }
  readonly warm?: boolean
  readonly onEvent?: (event: SandboxEvent) => void
}

export function createTestEngine(options: TestEngineOptions = {}): OperableSandboxEngine {
  return createSandboxEngine({
    driver: createTestDriver(),
    settings: sandboxOptions.parse(options.settings ?? {}),
    warm: options.warm ?? false,
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  })
}
