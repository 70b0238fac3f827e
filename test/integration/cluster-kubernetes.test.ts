import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { imageTag } from '../../setup/image-tag.mjs'
import { down, status, up } from '../../setup/kubernetes/cluster.mjs'
import { leftovers } from '../../setup/kubernetes/leftovers.mjs'
import { applyManifests } from '../../setup/kubernetes/manifests.mjs'
import { endPart, pidOf, startPart } from '../../setup/kubernetes/parts.mjs'
import { inCluster } from '../../setup/kubernetes/places.mjs'
import { kubectl, podOf } from '../support/kubernetes/kubectl.ts'
import { withoutCluster } from '../support/kubernetes/without-cluster.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const root = resolve(import.meta.dirname, '../..')
const fromNothing = process.env['SALLYPORT_KUBERNETES'] === 'from-nothing'
const namespace = 'sallyport-sandboxes'
const image = imageTag()
/** As the page and its manifests call it. */
const named = 'registry.example/sallyport-python:TAG'
const wait = (name: string, phase: string) =>
  kubectl('administrator', [
    'wait',
    '-n',
    namespace,
    `pod/${name}`,
    `--for=jsonpath={.status.phase}=${phase}`,
    '--timeout=240s',
  ])
const logs = (name: string) => kubectl('administrator', ['logs', '-n', namespace, name]).stdout
const apply = (words: readonly string[], input: string) => kubectl('service', ['create', ...words, '-f', '-'], input)

const policy = (name: string) =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector: {} },
  })

describe.skipIf(withoutCluster(process.env) !== null)('a cluster for tests', () => {
  afterAll(() => {
    kubectl('administrator', [
      'delete',
      'pods',
      '-n',
      namespace,
      '-l',
      'test=cluster',
      '--grace-period=1',
      '--timeout=120s',
    ])
  })

  const labelled = (name: string, command: readonly string[], spec?: object) => {
    const pod = JSON.parse(podOf(name, image, command, spec)) as { metadata: { labels?: object } }
    pod.metadata.labels = { test: 'cluster' }
    return JSON.stringify(pod)
  }

  // The interfaces that a program sees, and what its kernel says of itself.
  const look = `import subprocess
print([line.split(':')[0].strip() for line in open('/proc/net/dev').readlines()[2:]])
print(subprocess.run(['dmesg'], capture_output=True, text=True).stdout[:400])`

  it('runs a pod of the sandbox image under gVisor, without a network', () => {
    verifies('kubernetes.sandboxes')
    expect(apply([], labelled('in-gvisor', ['python3', '-c', look]))).toMatchObject({ ok: true })
    expect(wait('in-gvisor', 'Succeeded')).toMatchObject({ ok: true })
    expect(logs('in-gvisor')).toMatch(/^\['lo'\]\n.*Starting gVisor/s)
  })

  it.each([
    ['gvisor-with-network', /'eth0'.*Starting gVisor/s],
    ['not-gvisor', /^\['lo', 'eth0'\]\n(?!.*gVisor)/s],
  ])('has a class %s, by which tests see that a wall is asked for', (runtimeClassName, said) => {
    expect(apply([], labelled(runtimeClassName, ['python3', '-c', look], { runtimeClassName }))).toMatchObject({
      ok: true,
    })
    expect(wait(runtimeClassName, 'Succeeded')).toMatchObject({ ok: true })
    expect(logs(runtimeClassName)).toMatch(said)
  })

  it('admits no pod that asks for more than the namespace allows', () => {
    verifies('kubernetes.restricted')
    expect(apply(['--dry-run=server'], labelled('fine', ['true']))).toMatchObject({ ok: true })
    for (const spec of [
      { hostNetwork: true },
      { hostPID: true },
      { volumes: [{ name: 'v', hostPath: { path: '/' } }] },
    ]) {
      const { ok, stderr } = apply(['--dry-run=server'], labelled('more', ['true'], spec))
      expect({ ok, stderr }).toEqual({ ok: false, stderr: expect.stringContaining('violates PodSecurity') as string })
    }
  })

  it('admits no pod that is no sandbox, whoever makes it', () => {
    verifies('kubernetes.admission')
    const secret = { volumes: [{ name: 'v', secret: { secretName: 's' } }] }
    const { spec: fine } = JSON.parse(podOf('x', image, ['true'])) as { spec: { containers: readonly object[] } }
    const more = { ...fine.containers[0], name: 'more' }
    for (const [spec, why] of [
      [{ runtimeClassName: null }, 'runs under gVisor'],
      [{ automountServiceAccountToken: true }, 'has no token'],
      [secret, 'no other volume'],
      [{ volumes: [{ name: 'v', emptyDir: {} }] }, 'no other volume'],
      [{ initContainers: [more] }, 'and no others'],
      [{ nodeName: 'other' }, 'the scheduler chooses'],
    ] as const) {
      const { ok, stderr } = kubectl(
        'administrator',
        ['create', '--dry-run=server', '-f', '-'],
        labelled('no-sandbox', ['true'], spec),
      )
      expect({ ok, stderr }).toEqual({ ok: false, stderr: expect.stringContaining(why) as string })
    }
  })

  it('gives the account of the service the rights of deploy/kubernetes, and no others', () => {
    verifies('kubernetes.rights')
    const may = (...words: string[]) => kubectl('service', ['auth', 'can-i', ...words]).stdout.trim()
    expect(['create', 'get', 'list', 'watch', 'delete'].filter((verb) => may(verb, 'pods') !== 'yes')).toEqual([])
    expect(['get', 'create'].filter((verb) => may(verb, 'pods', '--subresource=exec') !== 'yes')).toEqual([])
    expect(may('list', 'events')).toBe('yes')
    const others = [
      ['update', 'pods'],
      ['get', 'pods', '--subresource=log'],
      ['create', 'pods', '--subresource=attach'],
      ['update', 'pods', '--subresource=ephemeralcontainers'],
      ['get', 'secrets'],
      ['create', 'pods', '-n', 'default'],
      ['list', 'pods', '-n', 'kube-system'],
      ['get', 'nodes'],
      ['get', 'runtimeclasses'],
      ['create', 'serviceaccounts', '--subresource=token'],
      ['impersonate', 'users'],
    ]
    expect(others.filter((words) => may(...words) !== 'no')).toEqual([])
  })

  it('takes each manifest of deploy/kubernetes, field by field', () => {
    verifies('kubernetes.manifests')
    for (const folder of ['sandboxes', 'service']) {
      const words = ['apply', '--server-side', '--dry-run=server', '--force-conflicts', '--validate=strict']
      const { ok, stderr } = kubectl('administrator', [...words, '-k', join(root, 'deploy/kubernetes', folder)])
      expect({ folder, ok, stderr }).toEqual({ folder, ok: true, stderr: '' })
    }
    const misspelt = readFileSync(join(root, 'deploy/kubernetes/sandboxes/runtime-class.yaml'), 'utf8').replace(
      'handler:',
      'handlers:',
    )
    expect(kubectl('administrator', ['apply', '--dry-run=server', '--validate=strict', '-f', '-'], misspelt).ok).toBe(
      false,
    )
  })

  it('has what the commands of the page make of it, in their order', () => {
    verifies('kubernetes.page')
    const folder = temporaryFolder('sallyport-deploy-')
    cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true })
    const probe = join(folder, 'deploy/kubernetes/probe.yaml')
    writeFileSync(probe, readFileSync(probe, 'utf8').replace(named, image))
    writeFileSync(join(folder, 'chart.py'), 'print(6 * 7)\n')
    const page = readFileSync(join(root, 'docs/deploy/kubernetes.md'), 'utf8')
    // Those of the service are run by its own test.
    const [own = ''] = page.split('\n## The service in the cluster\n')
    const commands = [...own.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trim().split('\n'))
    const { kubeconfig, kubectl: program } = status()
    const PATH = `${dirname(program)}:/usr/bin:/bin`
    const env = { HOME: folder, KUBECONFIG: kubeconfig.administrator, PATH }
    const sallyport = `${process.execPath} ${join(root, 'src/cli/start.mjs')}`
    const said = commands.map((command) => {
      const given = command.replace('npm run -s sallyport --', sallyport).replace(named, image)
      return spawnSync('sh', ['-c', given], { cwd: folder, env, encoding: 'utf8' })
    })
    // Here pods of classes that are wrong on purpose are admitted besides.
    applyManifests()
    expect(said.flatMap(({ status: code, stderr }) => (code === 0 ? [] : [stderr]))).toEqual([])
    const printed = (part: string) => said[commands.findIndex((command) => command.includes(part))]?.stdout
    expect(printed(' logs ')).toMatch(/Starting gVisor.*\n *lo\n$/)
    expect(printed('--driver kubernetes')).toMatch(/^42\n/)
  })

  it('loses what its manifests have no more', () => {
    verifies('kubernetes.pruned')
    const folder = temporaryFolder('sallyport-manifests-')
    cpSync(join(root, 'deploy/kubernetes/sandboxes'), folder, { recursive: true })
    const settings = join(folder, 'kustomization.yaml')
    writeFileSync(join(folder, 'more.yaml'), policy('for-a-while'))
    writeFileSync(settings, `${readFileSync(settings, 'utf8')}  - more.yaml\n`)
    const policies = () =>
      kubectl('administrator', ['get', 'networkpolicies', '-n', namespace, '-o', 'name']).stdout.match(/[^/\n]+$/gm)
    applyManifests(folder)
    expect(kubectl('administrator', ['create', '-f', '-'], policy('of-somebody')).ok).toBe(true)
    try {
      expect(policies()).toEqual(['for-a-while', 'no-network', 'of-somebody'])
      applyManifests()
      expect(policies()).toEqual(['no-network', 'of-somebody'])
    } finally {
      kubectl('administrator', ['delete', '-f', '-'], policy('of-somebody'))
    }
  })

  it('starts again what of it was killed', async () => {
    verifies('kubernetes.idempotent')
    const before = pidOf('kube-scheduler')
    await endPart('kube-scheduler', 'SIGKILL')
    expect(status()).toMatchObject({ ended: ['kube-scheduler'] })
    await startPart('kube-scheduler')
    await up()
    expect(status()).toMatchObject({ ended: [] })
    const now = pidOf('kube-scheduler')
    expect(now).not.toBe(before)
    // Who started it was ended before that was written down.
    rmSync(inCluster('pids/kube-scheduler'))
    await startPart('kube-scheduler')
    expect(pidOf('kube-scheduler')).toBe(now)
  })

  it('is removed whole, with pods at work in it, and made again', { skip: !fromNothing }, async () => {
    verifies('kubernetes.removed')
    expect(apply([], labelled('at-work', ['sleep', '200']))).toMatchObject({ ok: true })
    expect(wait('at-work', 'Running')).toMatchObject({ ok: true })
    await endPart('kubelet', 'SIGKILL')
    expect(leftovers()).not.toEqual([])
    // Outside the cluster's own folders: sockets of its shims, and what the network plug-ins note of each address.
    const tasks = '/run/sallyport-kubernetes/containerd/io.containerd.runtime.v2.task/k8s.io'
    const sockets = readdirSync(tasks).map((id) =>
      readFileSync(join(tasks, id, 'address'), 'utf8').replace('unix://', ''),
    )
    const noted = readdirSync('/var/lib/cni/results').map((name) => join('/var/lib/cni/results', name))
    expect([...sockets, ...noted].filter((path) => existsSync(path)).length).toBeGreaterThan(2)
    await down()
    expect(leftovers()).toEqual([])
    expect([...sockets, ...noted].filter((path) => existsSync(path))).toEqual([])
    await up()
    expect(status()).toMatchObject({ ended: [] })
  })
})
