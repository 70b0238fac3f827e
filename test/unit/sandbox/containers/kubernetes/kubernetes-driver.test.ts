import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { SandboxSpecification } from '../../../../../src/sandbox/driver.ts'
import { readOwner } from '../../../../../src/sandbox/engine/owner.ts'
import { createLimits, lackedWalls } from '../../../../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../../../../src/sandbox/options.ts'
import { shakeHands } from '../../../../../src/sandbox/protocol/handshake.ts'
import type { FakeCluster, FakeClusterOptions } from '../../../../support/sandbox/fake-cluster.ts'
import { createTestKubernetesDriver, startFakeCluster } from '../../../../support/sandbox/kubernetes-sandbox.ts'

const never = new AbortController().signal
const limits = createLimits(sandboxOptions.parse({}).limits)
const open = new Set<AsyncDisposable>()
afterEach(async () => {
  for (const each of open) await each[Symbol.asyncDispose]()
  open.clear()
})

async function start(
  cluster: FakeClusterOptions = {},
  options: NonNullable<Parameters<typeof createTestKubernetesDriver>[1]> = {},
) {
  const started = await startFakeCluster(cluster, options)
  open.add(started)
  return started
}

async function specificationOf(): Promise<SandboxSpecification> {
  return { id: `sbx-${randomBytes(8).toString('hex')}`, owner: await readOwner(), limits }
}

const refusing = (method: string, end: string, status: number, message: string): FakeClusterOptions => ({
  refuse: (asked, path) => (asked === method && path.endsWith(end) ? { status, message } : null),
})

describe('a cluster that may not be used is refused before anything is made', () => {
  it.each([
    [
      'rights are missing',
      { denied: ['create pods', 'get pods/exec'] },
      'The cluster does not allow "create pods", "get pods/exec" in the namespace sallyport-sandboxes',
      'deploy/kubernetes',
    ],
    [
      'there is no RuntimeClass',
      refusing('POST', '/pods', 403, 'pods "x" is forbidden: pod rejected: RuntimeClass "gvisor" not found'),
      'The cluster has no such RuntimeClass',
      'sandbox.kubernetes.runtime_class',
    ],
    [
      'the quota is used up',
      refusing('POST', '/pods', 403, 'pods "x" is forbidden: exceeded quota: sandboxes, requested: pods=1'),
      'The namespace of the sandboxes has no room for another',
      'ResourceQuota',
    ],
    [
      'a quota was made that is not counted yet',
      refusing('POST', '/pods', 403, 'pods "x" is forbidden: status unknown for quota: sandboxes, resources: pods'),
      'The namespace of the sandboxes has no room for another',
      'ResourceQuota',
    ],
    [
      'admission is stricter than a sandbox',
      refusing('POST', '/pods', 403, 'pods "x" is forbidden: violates PodSecurity "restricted:latest"'),
      'The cluster does not admit Pods as sandboxes need them',
      'policies of admission',
    ],
    [
      'a policy of admission refuses it',
      refusing('POST', '/pods', 422, `pods "x" is forbidden: ValidatingAdmissionPolicy 'p' denied request: no volume`),
      'A policy of the cluster refuses the Pod of a sandbox',
      'leave the namespace of the sandboxes out',
    ],
    [
      'there is no namespace',
      refusing('POST', '/pods', 404, 'namespaces "sallyport-sandboxes" not found'),
      'The namespace of the sandboxes is not there',
      'sandbox.kubernetes.namespace',
    ],
    [
      'the credentials are not known',
      refusing('POST', '/selfsubjectaccessreviews', 401, 'Unauthorized'),
      'The cluster does not know these credentials',
      'kubeconfig',
    ],
    [
      'the API server is ill',
      refusing('POST', '/pods', 503, 'etcdserver: request timed out'),
      'The API server of the cluster has trouble of its own',
      'control plane',
    ],
    [
      'a field is not known',
      refusing('POST', '/pods', 400, 'strict decoding error: unknown field "spec.x"'),
      'Kubernetes refused asking whether a sandbox may be made: 400 strict decoding error',
      '',
    ],
  ])('where %s', async (_what, cluster, message, advice) => {
    const { driver, cluster: fake } = await start(cluster)
    await expect(driver.prepare(never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining(message),
      advice: expect.stringContaining(advice),
    })
    expect([fake.pods.size, fake.leases.size]).toEqual([0, 0])
  })

  it('where the API server is away, and is asked again', async () => {
    const { driver, cluster } = await start()
    await driver.prepare(never)
    await cluster[Symbol.asyncDispose]()
    await expect(driver.prepare(never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringMatching(/^The API server of the cluster does not answer \(ECONN(REFUSED|RESET)\)/),
    })
  })

  it('and a dry run makes nothing where it is accepted', async () => {
    const { driver, cluster } = await start()
    const { fingerprint } = await driver.prepare(never)
    expect(await driver.prepare(never)).toEqual({ fingerprint })
    expect(cluster.pods.size).toBe(0)
  })

  it('but not where what it made itself fills the namespace, while the next one is refused', async () => {
    let isFull = false
    const { driver, cluster } = await start({
      refuse: (method, path) =>
        isFull && method === 'POST' && path.endsWith('/pods')
          ? { status: 403, message: 'pods "x" is forbidden: exceeded quota: sandboxes, requested: pods=1' }
          : null,
    })
    const { fingerprint } = await driver.prepare(never)
    await driver.create(await specificationOf(), never)
    isFull = true
    expect(await driver.prepare(never)).toEqual({ fingerprint })
    await expect(driver.create(await specificationOf(), never)).rejects.toMatchObject({
      message: expect.stringContaining('The namespace of the sandboxes has no room for another'),
    })
    expect(cluster.pods.size).toBe(1)
  })

  it('has another fingerprint with another image', async () => {
    const { driver } = await start()
    const other = await start({}, { settings: { image: 'registry.example/other:1' } })
    expect(await other.driver.prepare(never)).not.toEqual(await driver.prepare(never))
  })
})

describe('a Pod that does not become a sandbox is refused, told why, and removed', () => {
  const waiting = (reason: string, message: string) => ({
    phase: 'Pending',
    containerStatuses: [{ name: 'supervisor', state: { waiting: { reason, message } } }],
  })

  it.each([
    [
      'its image is missing',
      { podStatus: waiting('ErrImagePull', 'not found') },
      'its container supervisor is in ErrImagePull: not found',
      'Push the image',
    ],
    [
      'its container cannot be made',
      { podStatus: waiting('CreateContainerError', 'mount failed') },
      'its container supervisor is in CreateContainerError: mount failed',
      'kubectl describe pod',
    ],
    [
      'its node passes no annotations on',
      {
        podStatus: {
          phase: 'Running',
          containerStatuses: [
            {
              name: 'keeper',
              state: { terminated: { exitCode: 78, reason: 'Error', message: 'the folders are not mounted\n' } },
            },
          ],
        },
      },
      'its container keeper says that the folders are not mounted',
      'pod_annotations',
    ],
    [
      'a container ended at once',
      {
        podStatus: {
          phase: 'Running',
          containerStatuses: [
            { name: 'keeper', state: { terminated: { exitCode: 1, reason: 'Error', message: 'why' } } },
          ],
        },
      },
      'its container keeper ended before it began (Error 1: why)',
      '',
    ],
    [
      'it was evicted at once',
      { podStatus: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' } },
      'it ended before it began (Evicted: The node was low on memory)',
      '',
    ],
    [
      'no node has room',
      {
        podStatus: {
          phase: 'Pending',
          conditions: [
            { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes: Insufficient cpu' },
          ],
        },
      },
      'No node of the cluster took a sandbox within 0 s (Unschedulable: 0/1 nodes: Insufficient cpu)',
      'request_cpus',
    ],
    [
      'no node knows the handler',
      { podStatus: { phase: 'Pending' }, warning: 'no runtime for "runsc" is configured' },
      'The Pod of a sandbox did not run within 0 s (Failed: no runtime for "runsc" is configured)',
      'handler of the RuntimeClass',
    ],
    [
      'nothing may be started in it',
      refusing('GET', '/exec', 403, 'pods "x" is forbidden: cannot get resource "pods/exec"'),
      'The cluster does not allow what a sandbox takes',
      'rights',
    ],
  ])('where %s', async (_what, cluster, message, advice) => {
    const { driver, cluster: fake } = await start(cluster, { startMilliseconds: 200 })
    await expect(driver.create(await specificationOf(), never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining(message),
      advice: expect.stringContaining(advice),
    })
    await expect.poll(() => fake.pods.size).toBe(0)
  })

  it('where its node is gone: the stream opens and says nothing', async () => {
    const { driver, cluster } = await start({ isNodeGone: true }, { startMilliseconds: 200 })
    const container = await driver.create(await specificationOf(), never)
    const shaken = shakeHands(container, { limits, languages: ['python'], onLoss: () => {} }, never)
    await expect(shaken).rejects.toMatchObject({ code: 'sandbox-unavailable' })
    // Nobody but its node can end it: it stays, and is not said to be gone.
    expect(cluster.pods.size).toBe(1)
  })

  it('where its claim is given up', async () => {
    const { driver, cluster } = await start({ podStatus: { phase: 'Pending' } })
    const stop = new AbortController()
    const created = driver.create(await specificationOf(), stop.signal)
    await expect.poll(() => cluster.pods.size).toBe(1)
    stop.abort(new Error('gone'))
    await expect(created).rejects.toThrow('gone')
    await expect.poll(() => cluster.pods.size).toBe(0)
  })

  it.each([
    ['a disk without a size', { ready: { mounts: [] } }, 'its /mnt/data is no file system of its own'],
    ['a network', { ready: { interfaces: ['lo', 'eth0'] } }, 'it has a network (eth0)'],
    ['another kernel', { ready: { gvisor: null } }, 'its kernel is not gVisor'],
    ['no limit of memory', { applied: { cpu: '500m' } }, 'memory is limited to nothing'],
    ['more memory than it may', { applied: { cpu: '500m', memory: '8Gi' } }, 'memory is limited to 17179869184'],
    ['limits that its node does not tell', { applied: null }, 'memory is limited to what cannot be read here'],
  ])('where it has %s', async (_what, cluster, message) => {
    const { driver } = await start(cluster)
    const container = await driver.create(await specificationOf(), never)
    const shaken = shakeHands(container, { limits, languages: ['python'], onLoss: () => {} }, never)
    await expect(shaken).rejects.toThrow(message)
    await container.destroy()
  })
})

describe('a sandbox that runs', () => {
  async function running(cluster: FakeClusterOptions = {}) {
    const started = await start(cluster)
    const specification = await specificationOf()
    const container = await started.driver.create(specification, never)
    const { connection } = await shakeHands(container, { limits, languages: ['python'], onLoss: () => {} }, never)
    return { ...started, container, connection, id: specification.id }
  }

  it('has the walls that its driver cannot show told by their sentences', async () => {
    const { driver, container } = await running()
    expect(driver.missingWalls).toEqual((container.lacks ?? []).map((lack) => lackedWalls[lack]))
    expect(driver.missingWalls.join(' ')).toMatch(/threads on the host cannot be read back/)
    expect(await container.enforceLimits()).toEqual({
      sandboxMemoryBytes: limits.sandboxMemoryBytes,
      cpus: limits.cpus,
      memoryAndSwapBytes: 'unreadable',
      hostTasks: 'unreadable',
    })
  })

  it('is told as out of memory by the reason of its container, after its stream has ended', async () => {
    const { cluster, container, connection, id } = await running()
    const end = cluster.endPod(id, 'OOMKilled', 128)
    await connection.lost
    expect(await container.evidence()).toMatchObject({ oomKills: 1 })
    expect(await container.exited).toEqual({ exitCode: 128, oomKilled: true })
    await end
  })

  it('is lost where somebody deletes its Pod', async () => {
    const { cluster, container, connection, id } = await running()
    cluster.deletePod(id)
    expect((await connection.lost).code).toBe('sandbox-lost')
    expect(await container.exited).toEqual({ exitCode: null, oomKilled: false })
    expect(await container.evidence()).toMatchObject({ oomKills: 0 })
    await container.destroy()
  })

  it('is lost where its cluster gives its node up, though its stream stays open and nobody ends it', async () => {
    const { cluster, container, connection, id } = await running()
    cluster.beginDeletion(id)
    expect((await connection.lost).code).toBe('sandbox-lost')
    expect(await container.exited).toEqual({ exitCode: null, oomKilled: false })
    expect(cluster.pods.has(id)).toBe(true)
  })

  it('is lost where the API server cuts its connection, and is removed all the same', async () => {
    const { cluster, container, connection } = await running()
    cluster.cut()
    expect((await connection.lost).code).toBe('sandbox-lost')
    await container.destroy()
    expect(cluster.pods.size).toBe(0)
  })

  it.each([410, 500])('hears of its end although its watch was ended with %d', async (code) => {
    const { cluster, container, id } = await running()
    cluster.expireWatches(code)
    cluster.deletePod(id)
    expect(await container.exited).toEqual({ exitCode: null, oomKilled: false })
  })

  it('is struck and counted from inside, then deleted with a grace and by its uid, and gone before that is said', async () => {
    const { cluster, container, id } = await running()
    const { uid } = cluster.pods.get(id)?.metadata ?? {}
    await container.kill()
    // What is killed already is not struck again.
    await container.kill()
    // Its supervisor may still say how the run ended, and its place is taken until its node has ended it.
    expect([cluster.pods.size, container.stream.destroyed]).toEqual([1, false])
    const isStopped = container.stopped.then(() => true)
    expect(await Promise.race([isStopped, nextTurn(false)])).toBe(false)
    // Its node has not told its end yet, and nobody waits for what it would say.
    const told = container.evidence().then(() => 'told')
    expect(await Promise.race([told, container.exited])).toBe('told')
    await container.destroy()
    await container.stopped
    expect([cluster.pods.size, container.stream.destroyed]).toEqual([0, true])
    expect(cluster.deletions).toEqual([{ gracePeriodSeconds: 1, preconditions: { uid } }])
    expect(executed(cluster)).toEqual(['keeper /bin/sh', 'supervisor /bin/sh', 'supervisor enter'])
  })
})

const executed = (cluster: FakeCluster) =>
  cluster.asked
    .filter((each) => each.startsWith('EXEC'))
    .map((each) => each.slice('EXEC '.length))
    .toSorted()

describe('a sandbox that cannot be shown to be empty from inside', () => {
  async function kill(hindered: FakeClusterOptions) {
    const { driver, cluster } = await start(hindered)
    const container = await driver.create(await specificationOf(), never)
    await container.kill()
    return cluster
  }

  it('is not said to be ended before its node has ended it, where its containers cannot be entered', async () => {
    let isEntered = true
    const refuse = (method: string, path: string) =>
      !isEntered && method === 'GET' && path.endsWith('/exec') ? { status: 500, message: 'exhausted' } : null
    const { driver, cluster } = await start({ refuse })
    const container = await driver.create(await specificationOf(), never)
    isEntered = false
    await container.kill()
    expect(cluster.pods.size).toBe(0)
  })

  it('is not where its code ended the program that strikes, which is tried again', async () => {
    const cluster = await kill({ hinders: 'strike' })
    expect(cluster.pods.size).toBe(0)
    expect(executed(cluster).filter((each) => each === 'keeper /bin/sh')).toHaveLength(3)
  })

  it('is not by a count that ended otherwise than by itself', async () => {
    const cluster = await kill({ hinders: 'count' })
    expect(cluster.pods.size).toBe(0)
  })
})

describe('sandboxes and their owners', () => {
  it('belong to a lease of their driver, and go with it', async () => {
    const { driver, cluster } = await start()
    const specification = await specificationOf()
    await driver.create(specification, never)
    const [lease] = [...cluster.leases.values()]
    expect(cluster.pods.get(specification.id)?.metadata.ownerReferences).toEqual([
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        name: lease?.metadata.name,
        uid: lease?.metadata.uid,
      },
    ])
    expect(await driver.list(never)).toEqual([
      expect.objectContaining({ id: specification.id, owner: specification.owner, ownerState: 'self', running: true }),
    ])
    await driver[Symbol.asyncDispose]()
    await expect.poll(() => [cluster.leases.size, cluster.pods.size]).toEqual([0, 0])
  })

  it('are owned by the Pod of the service through their lease, where it runs in one', async () => {
    const { driver, cluster } = await start({}, { ownPod: { name: 'sallyport-0', uid: 'u-1' } })
    await driver.create(await specificationOf(), never)
    const [lease] = [...cluster.leases.values()]
    expect(lease?.metadata.ownerReferences).toEqual([
      { apiVersion: 'v1', kind: 'Pod', name: 'sallyport-0', uid: 'u-1' },
    ])
  })

  it('of another driver are living while its lease is there, and dead without it', async () => {
    const { driver, cluster } = await start()
    const specification = await specificationOf()
    await driver.create(specification, never)
    const [lease] = [...cluster.leases.values()]
    await using other = createTestKubernetesDriver(await kubeconfigFor(cluster.url))
    const seen = async () => (await other.list(never)).map(({ ownerState }) => ownerState)
    expect(await seen()).toEqual(['living'])
    cluster.leases.delete(lease?.metadata.name ?? '')
    expect(await seen()).toEqual(['dead'])
    await other.remove(specification.id, never)
    expect(cluster.pods.size).toBe(0)
  })

  it('are removed by no name but their own', async () => {
    const { driver, cluster } = await start()
    await expect(driver.remove('../../secrets/x', never)).rejects.toThrow('is no sandbox')
    expect(cluster.asked.filter((each) => each.startsWith('DELETE'))).toEqual([])
    await driver.remove('sbx-0123456789abcdef', never)
  })
})

async function kubeconfigFor(url: string): Promise<string> {
  const { kubeconfigOf } = await import('../../../../support/sandbox/fake-cluster.ts')
  const { writeKubeconfig } = await import('../../../../support/sandbox/kubernetes-sandbox.ts')
  return writeKubeconfig(kubeconfigOf(url))
}
