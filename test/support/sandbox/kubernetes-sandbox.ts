import type { SandboxEvent } from '../../../src/core/facts.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createKubernetesDriver,
  type KubernetesDriverOptions,
} from '../../../src/sandbox/containers/kubernetes/kubernetes-driver.ts'
import type { PodSettings } from '../../../src/sandbox/containers/kubernetes/pod-manifest.ts'
import type { SandboxDriver } from '../../../src/sandbox/driver.ts'
import { createLimits } from '../../../src/sandbox/limits.ts'
import { createSandboxEngine, type OperableSandboxEngine } from '../../../src/sandbox/engine/engine.ts'
import { sandboxOptions, type SandboxOptions } from '../../../src/sandbox/options.ts'
import { imageTag } from '../../../setup/image-tag.mjs'
import { temporaryFolder } from '../temporary-folder.ts'
import { FakeCluster, kubeconfigOf, type FakeClusterOptions } from './fake-cluster.ts'

export const podSettings: PodSettings = {
  image: 'registry.example/sallyport-python:1',
  runtimeClass: 'gvisor',
  requestedCpus: 0.1,
  requestedMemoryBytes: 256 * 1024 * 1024,
  patienceSeconds: 60,
  longestSessionSeconds: 86_400,
}

/** A file with a kubeconfig in a folder of its own. */
export function writeKubeconfig(content: string): string {
  const path = join(temporaryFolder('kubeconfig'), 'config')
  writeFileSync(path, content, { mode: 0o600 })
  return path
}

export function createTestKubernetesDriver(
  kubeconfig: string,
  given: Partial<KubernetesDriverOptions> & { readonly settings?: Partial<PodSettings> } = {},
): SandboxDriver {
  const { settings = {}, ...options } = given
  return createKubernetesDriver({
    kubeconfig,
    server: 'https://kubernetes.default.svc',
    context: null,
    namespace: 'sallyport-sandboxes',
    pod: { ...podSettings, ...settings },
    startMilliseconds: 60_000,
    limits: createLimits(sandboxOptions.parse({}).limits),
    ownPod: null,
    onFault: () => {},
    ...options,
  })
}

/** A cluster of this process with a driver of its own. */
export async function startFakeCluster(
  cluster: FakeClusterOptions = {},
  options: Parameters<typeof createTestKubernetesDriver>[1] = {},
) {
  const fake = await FakeCluster.start(cluster)
  const driver = createTestKubernetesDriver(writeKubeconfig(kubeconfigOf(fake.url)), options)
  return {
    cluster: fake,
    driver,
    [Symbol.asyncDispose]: async () => {
      await driver[Symbol.asyncDispose]()
      await fake[Symbol.asyncDispose]()
    },
  }
}

/** The kubeconfig of the driver's service account in the cluster that set-up made on this machine. */
export function clusterKubeconfig(): string {
  return process.env['SALLYPORT_TEST_KUBECONFIG'] ?? '/var/lib/sallyport/kubernetes/sallyport.kubeconfig'
}

interface TestClusterOptions {
  readonly settings?: { readonly [Key in keyof SandboxOptions]?: unknown }
  readonly warm?: boolean
  readonly onEvent?: (event: SandboxEvent) => void
  readonly startMilliseconds?: number
}

/** A driver for the cluster that set-up made on this machine, with the image of this checkout. */
export function createClusterDriver(
  runtimeClass = 'gvisor',
  options: Partial<KubernetesDriverOptions> = {},
): SandboxDriver {
  return createTestKubernetesDriver(clusterKubeconfig(), { settings: { image: imageTag(), runtimeClass }, ...options })
}

/** Sandboxes of that driver. */
export function createTestClusterEngine(options: TestClusterOptions = {}): OperableSandboxEngine {
  const settings = sandboxOptions.parse(options.settings ?? {})
  // Patient: a busy machine must not make a refusal of what is only slow.
  const { startMilliseconds = 180_000 } = options
  const driver = createClusterDriver('gvisor', { limits: createLimits(settings.limits), startMilliseconds })
  return createSandboxEngine({
    driver,
    settings,
    warm: options.warm ?? false,
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  })
}
