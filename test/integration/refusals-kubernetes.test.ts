import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { imageTag } from '../../setup/image-tag.mjs'
import { status } from '../../setup/kubernetes/cluster.mjs'
import { MACHINE } from '../../setup/kubernetes/network.mjs'
import { openClusterAccess } from '../../src/sandbox/containers/kubernetes/cluster-access.ts'
import { ClusterClient } from '../../src/sandbox/containers/kubernetes/cluster-client.ts'
import { readOwner } from '../../src/sandbox/engine/owner.ts'
import { createLimits } from '../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { issueCertificate, makeAuthority } from '../support/http/certificates.ts'
import { kubectl } from '../support/kubernetes/kubectl.ts'
import { isClusterLane } from '../support/kubernetes/lane.ts'
import { createTestKubernetesDriver, writeKubeconfig } from '../support/sandbox/kubernetes-sandbox.ts'
import { sandboxPods } from '../support/sandbox/pod-traces.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const namespace = 'sallyport-sandboxes'
const limits = createLimits(sandboxOptions.parse({}).limits)
type Given = NonNullable<Parameters<typeof createTestKubernetesDriver>[1]>

const kubeconfigOf = (who: 'administrator' | 'service') => readFileSync(status().kubeconfig[who], 'utf8')

function driverOf(kubeconfig: string, { settings, ...given }: Given = {}) {
  return createTestKubernetesDriver(writeKubeconfig(kubeconfig), {
    settings: { image: imageTag(), ...settings },
    ...given,
  })
}

/** What asking for leave, or else making a Pod, is refused with. */
async function refusal(kubeconfig: string, given: Given = {}) {
  await using driver = driverOf(kubeconfig, given)
  const id = `sbx-${randomBytes(8).toString('hex')}`
  try {
    await driver.prepare(never)
    const owner = await readOwner()
    await (await driver.create({ id, owner, limits: given.limits ?? limits }, never)).destroy()
    return null
  } catch (thrown) {
    return thrown
  }
}

/** The service's kubeconfig with the token of somebody else. */
function withToken(token: string): string {
  const config = kubeconfigOf('service')
  expect(config).toMatch(/"?token"?: ?"?[\w.-]+"?/)
  return config.replace(/("?token"?: ?"?)[\w.-]+/, `$1${token}`)
}

const quota = 'test-refusals'

describe.skipIf(!isClusterLane)('a cluster that has no place for a sandbox', () => {
  afterEach(() => {
    kubectl('administrator', ['-n', namespace, 'delete', 'resourcequota', quota, '--ignore-not-found'])
  })

  it.each<[string, () => string, Given, string, string]>([
    [
      'no node has so much memory',
      () => kubeconfigOf('service'),
      {
        startMilliseconds: 4000,
        limits: createLimits(sandboxOptions.parse({ limits: { memory_mb: 400_000, memory_reserve_mb: 1024 } }).limits),
        settings: { requestedMemoryBytes: 400 * 2 ** 30 },
      },
      'No node of the cluster took a sandbox within 4 s (Unschedulable: 0/1 nodes are available: 1 Insufficient memory',
      'Add nodes that run gVisor',
    ],
    [
      'its image is nowhere',
      () => kubeconfigOf('service'),
      { settings: { image: 'registry.invalid/nothing:1' } },
      'ImagePull',
      'Push the image',
    ],
    [
      'the account may nothing',
      () => withToken(kubectl('administrator', ['create', 'token', 'default', '-n', namespace]).stdout.trim()),
      {},
      'The cluster does not allow "create pods", "get pods"',
      'deploy/kubernetes',
    ],
    [
      'a token is over, or was never given',
      () => withToken('abc.def.ghi'),
      {},
      'The cluster does not know these credentials',
      'a token there may have expired',
    ],
    [
      'the namespace is another one',
      () => kubeconfigOf('administrator'),
      { namespace: 'nowhere' },
      'The namespace of the sandboxes is not there',
      'sandbox.kubernetes.namespace',
    ],
    [
      'there is no API server at its address',
      () => kubeconfigOf('service').replace(/https:\/\/[\d.:]+/, 'https://127.0.0.1:9'),
      {},
      'The API server of the cluster does not answer (ECONNREFUSED)',
      'the address in the kubeconfig',
    ],
  ])('is refused, told why, where %s', async (_what, kubeconfig, given, message, advice) => {
    verifies('kubernetes.refusals')
    const before = new Set((await sandboxPods()).map(({ name }) => name))
    expect(await refusal(kubeconfig(), given)).toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining(message),
      advice: expect.stringContaining(advice),
    })
    const made = async () =>
      (await sandboxPods()).filter(({ name, owner }) => owner === process.pid && !before.has(name))
    await expect.poll(made).toEqual([])
  })

  it.each([
    [
      'a secret to its Pod, by the policy of admission',
      { op: 'add', path: '/spec/volumes/-', value: { name: 'injected', secret: { secretName: 'any' } } },
      /^A policy of the cluster refuses the Pod of a sandbox .*'sallyport-sandboxes'.*: a sandbox has folders in memory, and no other volume/,
    ],
    [
      'a variable to its Pod, of which the policy says nothing, by the driver',
      { op: 'add', path: '/spec/containers/0/env', value: [{ name: 'INJECTED', value: 'by a webhook' }] },
      /^The cluster changed the Pod of a sandbox when it admitted it: env of supervisor$/,
    ],
  ])('is refused where a webhook adds %s, and says what was added', async (_what, change, message) => {
    verifies('kubernetes.admitted')
    const authority = makeAuthority('refusals')
    const { certificateFile, keyFile } = issueCertificate(authority, 'webhook', MACHINE)
    const server = createServer(
      { cert: readFileSync(certificateFile), key: readFileSync(keyFile) },
      (request, reply) => {
        void json(request).then((review) => {
          const { uid } = (review as { request: { uid: string } }).request
          const patch = Buffer.from(JSON.stringify([change])).toString('base64')
          const response = { uid, allowed: true, patchType: 'JSONPatch', patch }
          reply.setHeader('content-type', 'application/json')
          reply.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }))
        })
      },
    )
    await new Promise<void>((resolve) => server.listen(0, MACHINE, resolve))
    const { port } = server.address() as AddressInfo
    const webhook = {
      name: 'injects.example.com',
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      failurePolicy: 'Fail',
      clientConfig: {
        url: `https://${MACHINE}:${port}/`,
        caBundle: readFileSync(authority.certificateFile).toString('base64'),
      },
      rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
      // No Pod but those of this process: the dry run names no owner, so it is by what is made that this is found out.
      matchConditions: [
        {
          name: 'own',
          expression: `has(object.metadata.annotations) && 'sallyport.owner-pid' in object.metadata.annotations && object.metadata.annotations['sallyport.owner-pid'] == '${process.pid}'`,
        },
      ],
    }
    const object = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: quota },
      webhooks: [webhook],
    }
    try {
      expect(kubectl('administrator', ['apply', '-f', '-'], JSON.stringify(object))).toMatchObject({ ok: true })
      // An API server takes a moment to heed it.
      await expect
        .poll(() => refusal(kubeconfigOf('service')), { interval: 1000 })
        .toMatchObject({
          code: 'sandbox-unavailable',
          message: expect.stringMatching(message),
          advice: expect.stringContaining('mutatingwebhookconfigurations'),
        })
    } finally {
      kubectl('administrator', ['delete', 'mutatingwebhookconfiguration', quota])
      server.close()
    }
  })

  it('is refused where the quota of its namespace is used up, and not where it has made one itself', async () => {
    const make = (pods: number) => {
      const object = {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: quota, namespace },
        spec: { hard: { pods: String(pods) } },
      }
      expect(kubectl('administrator', ['apply', '-f', '-'], JSON.stringify(object))).toMatchObject({ ok: true })
    }
    const full = {
      code: 'sandbox-unavailable',
      message: expect.stringContaining('The namespace of the sandboxes has no room for another'),
      advice: expect.stringContaining('ResourceQuota'),
    }
    make(0)
    expect(await refusal(kubeconfigOf('service'))).toMatchObject(full)

    await using driver = driverOf(kubeconfigOf('service'))
    const create = async () =>
      driver.create({ id: `sbx-${randomBytes(8).toString('hex')}`, owner: await readOwner(), limits }, never)
    make(1)
    await expect.poll(async () => driver.prepare(never).then(() => 'may')).toBe('may')
    const container = await create()
    const { fingerprint } = await driver.prepare(never)
    await expect(create()).rejects.toMatchObject(full)
    expect(await driver.prepare(never)).toEqual({ fingerprint })
    await container.destroy()
  })
})

describe.skipIf(!isClusterLane)('an API server', () => {
  it('says by an event that what a watch asks for is not kept any more, as the double does', async () => {
    using client = new ClusterClient(
      await openClusterAccess({ kubeconfig: status().kubeconfig.service, server: '', context: null }),
    )
    const path = `/api/v1/namespaces/${namespace}/pods?watch=true&timeoutSeconds=5&resourceVersion=1`
    const said: unknown[] = []
    const watched = async () => {
      for await (const event of client.watch(path, 10_000, never)) said.push(event)
    }
    await watched().catch((thrown: unknown) => said.push({ type: 'ERROR', object: thrown }))
    expect(said[0]).toMatchObject({ type: 'ERROR', object: { message: expect.stringContaining('too old') } })
    const { code, status: answered } = (said[0] as { object: { code?: number; status?: number } }).object
    expect([code, answered]).toContain(410)
  })
})
