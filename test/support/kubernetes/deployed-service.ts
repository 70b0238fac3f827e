import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chownSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { status } from '../../../setup/kubernetes/cluster.mjs'
import { ensureDockerImage } from '../../../setup/kubernetes/images.mjs'
import { LINE, MACHINE } from '../../../setup/kubernetes/network.mjs'
import { imageTag } from '../../../setup/image-tag.mjs'
import { ensureServiceImage } from '../../../setup/service-image.mjs'
import { startCluster } from '../databases/postgres-cluster.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { kubectlMeanwhile } from './kubectl.ts'

const deploy = resolve(import.meta.dirname, '../../../deploy/kubernetes')
const namespace = 'sallyport'
/** Of the service in its pods; volumes of a folder of the node are given to nobody by themselves. */
const user = 65_532
const patience = '--timeout=600s'

/** As the administrator; throws what kubectl said where it fails. */
export async function administer(words: readonly string[], input = ''): Promise<string> {
  const { ok, stdout, stderr } = await kubectlMeanwhile(words, input)
  if (!ok) throw new Error(`kubectl ${words.join(' ')}: ${stderr}`)
  return stdout
}

/** deploy/kubernetes/service as an operator has it, in the cluster of this machine over a PostgreSQL of this machine. */
export class DeployedService implements AsyncDisposable {
  readonly replicas = ['sallyport-0', 'sallyport-1']
  /** Of a caller, made in it. */
  readonly key: string
  readonly #stack: AsyncDisposableStack

  private constructor(stack: AsyncDisposableStack, key: string) {
    this.#stack = stack
    this.key = key
  }

  static async start(): Promise<DeployedService> {
    await using stack = new AsyncDisposableStack()
    const image = await ensureServiceImage()
    await ensureDockerImage(image)
    const cluster = stack.use(await startCluster())
    const database = `deployed_${randomUUID().replaceAll('-', '')}`
    await cluster.execute(`CREATE DATABASE ${database}`)
    const { port, password } = new URL(cluster.primaryUrl)
    const door = stack.adopt(await doorTo(Number(port)), (server) => void server.close())
    const at = (door.address() as { readonly port: number }).port
    const storage = `postgresql://postgres:${password}@${MACHINE}:${at}/${database}`
    // Where a run was killed, its replicas are of a storage that is gone.
    await administer(['delete', 'statefulset,pvc', '-n', namespace, '--all', patience])
    await administer(['delete', 'pv', '-l', 'test=deployed', patience])
    await administer(['delete', 'secret', '-n', namespace, namespace, '--ignore-not-found'])
    stack.defer(async () => void (await administer(['delete', 'secret', '-n', namespace, namespace])))
    const folder = temporaryFolder('sallyport-deployed-')
    stack.defer(async () => {
      await administer(['delete', 'pvc', '-n', namespace, '--all', patience])
      await administer(['delete', 'pv', '-l', 'test=deployed', patience])
    })
    await administer(['apply', '--server-side', '-f', '-'], JSON.stringify(volumes(folder)))
    writeOverlay(folder, image)
    const overlay = join(folder, 'deploy/kubernetes/ours')
    stack.defer(async () => void (await administer(['delete', '-k', overlay, patience])))
    const commands = pageCommands().map((command) => command.replace(/postgresql:[^']+/, storage))
    try {
      let said = ''
      for (const command of commands) said = await inShell(command, folder)
      const [key = ''] = /sp-[\w-]+/.exec(said) ?? []
      if (key === '') throw new Error(`no key was made: ${said}`)
      return new DeployedService(stack.move(), key)
    } catch (thrown) {
      process.stderr.write(await logs())
      throw thrown
    }
  }

  /** Waits until each replica is of the newest version and ready. */
  async settle(): Promise<void> {
    await administer(['rollout', 'status', '-n', namespace, 'statefulset/sallyport', patience])
  }

  /** Replaces the replicas one after the other, as a new version does. */
  async restart(): Promise<void> {
    await administer(['rollout', 'restart', '-n', namespace, 'statefulset/sallyport'])
    await this.settle()
  }

  /** Runs a command in the container of a replica. */
  inside(replica: string, command: readonly string[]): Promise<string> {
    return administer(['exec', '-n', namespace, replica, '--', ...command])
  }

  /** What a member of a replica's pod is. */
  podOf(replica: string, path: string): Promise<string> {
    return administer(['get', 'pod', '-n', namespace, replica, '-o', `jsonpath={${path}}`])
  }

  /** Where a replica is reached by itself. */
  async urlOf(replica: string): Promise<string> {
    return `http://${await this.podOf(replica, '.status.podIP')}:8080`
  }

  /** Where all of them are reached. */
  async url(): Promise<string> {
    const words = ['get', 'service', '-n', namespace, 'sallyport', '-o', 'jsonpath={.spec.clusterIP}']
    return `http://${await administer(words)}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}

/** What the replicas said last, and what the cluster says of them. */
export async function logs(): Promise<string> {
  const words = ['logs', '-n', namespace, '-l', 'app.kubernetes.io/name=sallyport', '--prefix', '--tail=40']
  const pods = await kubectlMeanwhile(['describe', 'pods', '-n', namespace])
  return `${(await kubectlMeanwhile(words)).stdout}\n${pods.stdout.slice(-6_000)}`
}

/** What docs/deploy/kubernetes.md has an operator do with the cluster for the service, in its order. */
function pageCommands(): readonly string[] {
  const [, section = ''] = page().split('\n## The service in the cluster\n')
  const [own = ''] = section.split('\n## ')
  const blocks = [...own.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block.trim())
  return blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith('kubectl '))
}

const page = () => readFileSync(resolve(deploy, '../../docs/deploy/kubernetes.md'), 'utf8')

/** What a command of the administrator's shell prints; throws what it said where it fails. */
async function inShell(command: string, cwd: string): Promise<string> {
  const { kubectl, kubeconfig } = status()
  const env = { HOME: cwd, KUBECONFIG: kubeconfig.administrator, PATH: `${dirname(kubectl)}:/usr/bin:/bin` }
  const child = spawn('sh', ['-c', command], { cwd, env })
  const ended = new Promise<number | null>((done) => child.once('close', done))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  if ((await ended) !== 0) throw new Error(`${command.slice(0, 60)}: ${stderr}`)
  return stdout
}

/** Lets callers of the cluster's side of this machine to a server that listens on loopback. */
async function doorTo(port: number): Promise<Server> {
  const server = createServer((socket) => {
    const inner = connect(port, '127.0.0.1')
    socket.pipe(inner).pipe(socket)
    socket.on('error', () => inner.destroy())
    inner.on('error', () => socket.destroy())
    socket.on('close', () => inner.destroy())
    inner.on('close', () => socket.destroy())
  })
  server.listen(0, MACHINE)
  await once(server, 'listening')
  return server
}

/** What a provisioner of a cluster would make of the claims of the replicas. */
function volumes(folder: string): object {
  const claims = ['state', 'keys'].flatMap((what) => [0, 1].map((ordinal) => `${what}-sallyport-${ordinal}`))
  const items = claims.map((name) => {
    const path = join(folder, name)
    mkdirSync(path)
    chownSync(path, user, user)
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `deployed-${name}`, labels: { test: 'deployed' } },
      spec: {
        capacity: { storage: '8Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace, name },
        hostPath: { path },
      },
    }
  })
  return { apiVersion: 'v1', kind: 'List', items }
}

/** The kustomization of docs/deploy/kubernetes.md over the manifests, with the images of this checkout. */
function writeOverlay(folder: string, image: string): void {
  const [, written = ''] = /^```yaml\n(apiVersion: kustomize[^`]*)^```/m.exec(page()) ?? []
  cpSync(deploy, join(folder, 'deploy/kubernetes'), { recursive: true })
  const overlay = join(folder, 'deploy/kubernetes/ours')
  mkdirSync(overlay)
  const [name = '', tag = ''] = image.split(':')
  const own = written.replace(/newName: \S+/, `newName: ${name}`).replace(/newTag: \S+/, `newTag: '${tag}'`)
  if (!own.includes(tag)) throw new Error('docs/deploy/kubernetes.md has no kustomization with an image')
  writeFileSync(join(overlay, 'kustomization.yaml'), own)
  const config = readFileSync(join(deploy, 'service/config.yaml'), 'utf8')
  writeFileSync(join(overlay, 'config.yaml'), config.replace('registry.example/sallyport-python:TAG', imageTag()))
}

/** Addresses of this machine's end of the line besides its own, until they are disposed of: a Service keeps a caller at one pod by them. */
export function callersOf(count: number): Disposable & { readonly addresses: readonly string[] } {
  const addresses = Array.from({ length: count }, (_, at) => MACHINE.replace(/\d+$/, String(100 + at)))
  const change = (verb: string) => {
    for (const address of addresses) spawnSync('ip', ['address', verb, `${address}/24`, 'dev', LINE])
  }
  change('add')
  return { addresses, [Symbol.dispose]: () => change('delete') }
}
