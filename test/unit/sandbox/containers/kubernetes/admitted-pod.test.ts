import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { assertAdmitted } from '../../../../../src/sandbox/containers/kubernetes/admitted-pod.ts'
import { podManifest } from '../../../../../src/sandbox/containers/kubernetes/pod-manifest.ts'
import { readOwner } from '../../../../../src/sandbox/engine/owner.ts'
import { createLimits } from '../../../../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../../../../src/sandbox/options.ts'
import { podSettings, startFakeCluster } from '../../../../support/sandbox/kubernetes-sandbox.ts'
import { verifies } from '../../../../support/verifies.ts'

const never = new AbortController().signal
const limits = createLimits(sandboxOptions.parse({}).limits)

interface Container {
  [member: string]: unknown
  securityContext: Record<string, unknown>
}
interface Admitted {
  metadata: { annotations: Record<string, string>; labels: Record<string, string> }
  spec: {
    [member: string]: unknown
    containers: Container[]
    volumes: object[]
    securityContext: Record<string, unknown>
  }
}

const newId = () => `sbx-${randomBytes(8).toString('hex')}`
const asked = async () => podManifest({ id: newId(), owner: await readOwner(), limits, lease: null }, podSettings)

/** As an API server of Kubernetes 1.34 answers where nothing is added to a Pod, with what `change` makes of it. */
function admitted(manifest: object, change: (pod: Admitted) => void = () => {}): Admitted {
  const pod = structuredClone(manifest) as Admitted
  Object.assign(pod.metadata, {
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    generation: 1,
  })
  delete pod.spec['hostNetwork']
  Object.assign(pod.spec, {
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    schedulerName: 'default-scheduler',
    serviceAccount: 'default',
    serviceAccountName: 'default',
    overhead: { memory: '64Mi' },
    nodeSelector: { gvisor: 'true' },
    imagePullSecrets: [{ name: 'pull' }],
  })
  change(pod)
  return pod
}
const first = (pod: Admitted): Container => pod.spec.containers[0] as Container

/** What a mesh, an injector of secrets, or a policy may make of a Pod, and how it is named. */
const changes: readonly (readonly [what: string, change: (pod: Admitted) => void, named: string])[] = [
  [
    'a secret as a volume',
    (pod) => {
      pod.spec.volumes.push({ name: 'injected', secret: { secretName: 'e' } })
      ;(first(pod)['volumeMounts'] as object[]).push({ name: 'injected', mountPath: '/etc/injected' })
    },
    'volumes, volumeMounts of supervisor',
  ],
  ['a variable', (pod) => void (first(pod)['env'] = [{ name: 'TOKEN', value: 'x' }]), 'env of supervisor'],
  [
    'variables of a secret',
    (pod) => void (first(pod)['envFrom'] = [{ secretRef: { name: 'e' } }]),
    'envFrom of supervisor',
  ],
  [
    'a container',
    (pod) => void pod.spec.containers.push({ name: 'mesh', securityContext: {} }),
    'containers (supervisor, keeper, mesh)',
  ],
  ['a first container', (pod) => void (pod.spec['initContainers'] = [{ name: 'init' }]), 'initContainers'],
  ['another runtime', (pod) => void (pod.spec['runtimeClassName'] = 'runc'), 'runtimeClassName'],
  ['no runtime', (pod) => void delete pod.spec['runtimeClassName'], 'runtimeClassName'],
  [
    'a token of its account',
    (pod) => void delete pod.spec['automountServiceAccountToken'],
    'automountServiceAccountToken',
  ],
  ['the network of its node', (pod) => void (pod.spec['hostNetwork'] = true), 'hostNetwork'],
  ['the processes of its node', (pod) => void (pod.spec['hostPID'] = true), 'hostPID'],
  ['the addresses of services', (pod) => void (pod.spec['enableServiceLinks'] = true), 'enableServiceLinks'],
  ['names of the cluster', (pod) => void (pod.spec['dnsPolicy'] = 'ClusterFirst'), 'dnsPolicy'],
  ['no end', (pod) => void delete pod.spec['activeDeadlineSeconds'], 'activeDeadlineSeconds'],
  [
    'more rights',
    (pod) => void (first(pod).securityContext['capabilities'] = { add: ['NET_ADMIN'] }),
    'securityContext.capabilities of supervisor',
  ],
  [
    'another user',
    (pod) => void (first(pod).securityContext['runAsUser'] = 0),
    'securityContext.runAsUser of supervisor',
  ],
  ['a user for all', (pod) => void (pod.spec.securityContext['runAsUser'] = 0), 'securityContext.runAsUser'],
  ['another program', (pod) => void (first(pod)['command'] = ['/bin/sh']), 'command of supervisor'],
  [
    'a hook',
    (pod) => void (first(pod)['lifecycle'] = { postStart: { exec: { command: ['true'] } } }),
    'lifecycle of supervisor',
  ],
  [
    'a larger folder',
    (pod) => void (pod.metadata.annotations['dev.gvisor.spec.mount.tmp.options'] = 'rw'),
    'annotation dev.gvisor.spec.mount.tmp.options',
  ],
  [
    'another setting of gVisor',
    (pod) => void (pod.metadata.annotations['dev.gvisor.flag.network'] = 'host'),
    'annotation dev.gvisor.flag.network',
  ],
]

describe('a Pod as it was admitted', () => {
  it('may have all that its cluster decides, and marks of others', async () => {
    const manifest = await asked()
    const answer = admitted(manifest, (pod) => {
      pod.metadata.annotations['policy.example/checked'] = 'yes'
      pod.metadata.labels['team'] = 'data'
      pod.spec.securityContext['seLinuxOptions'] = { level: 's0:c1' }
      first(pod)['image'] = 'mirror.example/sallyport-python@sha256:00'
      first(pod)['resources'] = { limits: { cpu: '1' } }
      first(pod)['env'] = []
    })
    expect(() => assertAdmitted(manifest, answer)).not.toThrow()
  })

  it.each(changes)('is refused by name with %s that nobody asked for', async (_what, change, named) => {
    verifies('kubernetes.admitted')
    const manifest = await asked()
    expect(() => assertAdmitted(manifest, admitted(manifest, change))).toThrow(
      expect.objectContaining({
        code: 'sandbox-unavailable',
        message: `The cluster changed the Pod of a sandbox when it admitted it: ${named}`,
        advice: expect.stringContaining('leave the namespace of the sandboxes out of it'),
      }),
    )
  })

  it('is found out by the dry run, and by what is made: nothing is left of it', async () => {
    let isChanged = true
    const admit = (pod: object) => admitted(pod, isChanged ? (changes[0]?.[1] ?? (() => {})) : () => {})
    await using started = await startFakeCluster({ admit })
    const { driver, cluster } = started
    await expect(driver.prepare(never)).rejects.toThrow(': volumes, volumeMounts of supervisor')
    isChanged = false
    await driver.prepare(never)
    isChanged = true
    const specification = { id: newId(), owner: await readOwner(), limits }
    await expect(driver.create(specification, never)).rejects.toThrow(': volumes, volumeMounts of supervisor')
    await expect.poll(() => cluster.pods.size).toBe(0)
    expect(cluster.asked.filter((each) => each.startsWith('EXEC'))).toEqual([])
  })
})
