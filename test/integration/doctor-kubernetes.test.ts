import { describe, expect, it } from 'vitest'
import { imageTag } from '../../setup/image-tag.mjs'
import { status } from '../../setup/kubernetes/cluster.mjs'
import { cleanEnvironment, sallyport } from '../support/cli/sallyport-process.ts'
import { isClusterLane } from '../support/kubernetes/lane.ts'
import { withoutCluster } from '../support/kubernetes/without-cluster.ts'
import { verifies } from '../support/verifies.ts'

interface ProbeLine {
  readonly name: string
  readonly passed: boolean
  readonly detail: string
  readonly fix: string | null
}

const sandboxLine = 'Sandbox runs in gVisor with its limits applied'

/** What `doctor` says where sandboxes are Pods. */
async function examined(settings: Readonly<Record<string, string>> = {}) {
  const environment = cleanEnvironment({
    SALLYPORT_HTTP_PORT: '0',
    SALLYPORT_SANDBOX_DRIVER: 'kubernetes',
    SALLYPORT_SANDBOX_KUBERNETES_KUBECONFIG: status().kubeconfig.service,
    SALLYPORT_SANDBOX_KUBERNETES_IMAGE: imageTag(),
    // Nobody listens there: whoever asks this machine's Docker hears of no daemon.
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
    ...settings,
  })
  const { code, stdout } = await sallyport(['doctor', '--output', 'json'], { environment })
  const { probes } = JSON.parse(stdout) as { readonly probes: readonly ProbeLine[] }
  const sandbox = probes.find(({ name }) => name === sandboxLine)
  return { code, sandbox, failed: probes.filter(({ passed }) => !passed).map(({ name }) => name), probes }
}

describe.skipIf(withoutCluster(process.env) !== null)('doctor where a cluster has the sandboxes', () => {
  it('has a Pod run a program, and does not look at the Docker of this machine', async () => {
    verifies('kubernetes.doctor')
    const { code, sandbox, failed, probes } = await examined()
    expect({ code, failed }).toEqual({ code: 0, failed: [] })
    expect(sandbox?.detail).toContain('kubernetes, 1024 MiB, 1 CPU')
    expect(probes.map(({ name }) => name)).not.toContain('Docker answers')
  })

  it.skipIf(!isClusterLane).each([
    [{ SALLYPORT_SANDBOX_KUBERNETES_RUNTIME_CLASS: 'nothere' }, 'no such RuntimeClass', 'deploy/kubernetes/sandboxes'],
    [{ SALLYPORT_SANDBOX_KUBERNETES_NAMESPACE: 'nowhere' }, 'in the namespace nowhere', 'sandbox.kubernetes.namespace'],
    [{ SALLYPORT_SANDBOX_KUBERNETES_IMAGE: 'registry.invalid/nothing:1' }, 'ImagePull', 'Push the image'],
  ])('says with %j what mends it, and that no sandbox can run', async (settings, detail, fix) => {
    verifies('kubernetes.doctor')
    expect(await examined(settings)).toMatchObject({
      code: 5,
      failed: [sandboxLine],
      sandbox: { detail: expect.stringContaining(detail), fix: expect.stringContaining(fix) },
    })
  })
})
