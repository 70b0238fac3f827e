import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer, type WebSocket } from 'ws'
import { duplexPair, startFakeSupervisor } from './fake-supervisor.ts'

interface FakeObject {
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly ownerReferences?: readonly { readonly uid: string }[]
    resourceVersion: string
    readonly creationTimestamp: string
    deletionTimestamp?: string
  }
  readonly spec: {
    readonly containers?: readonly {
      readonly name: string
      readonly resources: { readonly limits: Record<string, string> }
    }[]
    readonly volumes?: readonly { readonly name: string }[]
  }
  status?: object
}

interface Refusal {
  readonly status: number
  readonly reason?: string
  readonly message: string
}

export interface FakeClusterOptions {
  /** What becomes of a Pod that was made: `runs` where nothing is said, else this is its status for ever. */
  readonly podStatus?: object
  /** Members of `ready` that differ from a sound sandbox's. */
  readonly ready?: Record<string, unknown>
  /** Limits that the node says it applied, in place of those that were asked for; null for none at all. */
  readonly applied?: Readonly<Record<string, string>> | null
  /** Rights that are not given, as `create pods`. */
  readonly denied?: readonly string[]
  /** Refuses a request by its method and path. */
  readonly refuse?: (method: string, path: string) => Refusal | null
  /** What admission makes of a Pod. */
  readonly admit?: (pod: Record<string, never>) => object
  /** Does the node of the Pods answer? Where it does not, streams open and stay silent. */
  readonly isNodeGone?: boolean
  /** What ends before it has done its part, where the code of a sandbox is struck: the program that ends it, or the one that counts. */
  readonly hinders?: 'strike' | 'count'
  /** What events say of a Pod. */
  readonly warning?: string
}

/** An API server of Kubernetes with as much of its promises as a driver of sandboxes rests on, and a node without any container. */
export class FakeCluster implements AsyncDisposable {
  readonly pods = new Map<string, FakeObject>()
  readonly leases = new Map<string, FakeObject>()
  /** Each request as `METHOD path`, without its query. */
  readonly asked: string[] = []
  readonly deletions: unknown[] = []
  readonly #options: FakeClusterOptions
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' })
  readonly #watchers = new Set<ServerResponse>()
  readonly #streams = new Map<string, Set<WebSocket>>()
  readonly #ends = new Map<string, () => void>()
  #version = 1

  private constructor(options: FakeClusterOptions) {
    this.#options = options
    this.#server = createServer((request, response) => void this.#answer(request, response))
    this.#server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://cluster')
      const refusal = options.refuse?.('GET', url.pathname) ?? null
      if (refusal !== null) {
        const body = JSON.stringify({ kind: 'Status', ...refusal })
        socket.end(`HTTP/1.1 ${refusal.status} No\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
        return
      }
      this.#sockets.handleUpgrade(request, socket, head, (accepted) => this.#exec(url, accepted))
    })
  }

  static async start(options: FakeClusterOptions = {}): Promise<FakeCluster> {
    const cluster = new FakeCluster(options)
    await new Promise<void>((resolve) => cluster.#server.listen(0, '127.0.0.1', resolve))
    return cluster
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Ends every watch with an event of an error, as when what happened since is not kept any more. */
  expireWatches(code: number): void {
    const event = { type: 'ERROR', object: { kind: 'Status', code, message: 'too old' } }
    for (const watcher of this.#watchers) watcher.end(`${JSON.stringify(event)}\n`)
    this.#watchers.clear()
  }

  /** Cuts every connection that is open. */
  cut(): void {
    this.#server.closeAllConnections()
    for (const socket of this.#sockets.clients) socket.terminate()
  }

  /** The node ends a Pod by itself. */
  async endPod(name: string, reason: string, exitCode: number): Promise<void> {
    this.#end(name)
    await sleep(20)
    const pod = this.pods.get(name)
    if (pod === undefined) return
    const terminated = { exitCode, reason }
    this.#set(pod, { phase: 'Failed', containerStatuses: containersOf(pod, () => ({ terminated })) })
  }

  /** A Pod is being deleted, and its node says nothing of it: so one looks whose node is gone. */
  beginDeletion(name: string): void {
    const pod = this.pods.get(name)
    if (pod === undefined) return
    pod.metadata.deletionTimestamp = new Date().toISOString()
    this.#tell('MODIFIED', pod)
  }

  deletePod(name: string): void {
    const pod = this.pods.get(name)
    if (pod === undefined) return
    this.#end(name)
    this.pods.delete(name)
    this.#tell('DELETED', pod)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#sockets.close()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://cluster')
    const method = request.method ?? 'GET'
    this.asked.push(`${method} ${url.pathname}`)
    const body = method === 'GET' ? null : ((await json(request).catch(() => null)) as Record<string, never> | null)
    const refusal = this.#options.refuse?.(method, url.pathname) ?? null
    if (refusal !== null) return say(response, refusal.status, { kind: 'Status', ...refusal })
    if (url.pathname.endsWith('/selfsubjectaccessreviews')) return say(response, 201, this.#review(body))
    const [, collection = '', name = ''] = /\/(pods|leases|events)(?:\/([^/]+))?$/.exec(url.pathname) ?? []
    if (collection === 'events') {
      const { warning } = this.#options
      return say(response, 200, {
        items: warning === undefined ? [] : [{ type: 'Warning', reason: 'Failed', message: warning }],
      })
    }
    const objects = collection === 'pods' ? this.pods : this.leases
    if (method === 'POST') return this.#create(objects, url, body, response)
    if (name === '') return url.searchParams.has('watch') ? this.#watch(response) : this.#list(objects, response)
    const found = objects.get(name)
    if (found === undefined)
      return say(response, 404, { reason: 'NotFound', message: `${collection} "${name}" not found` })
    if (method === 'PUT') Object.assign(found, { metadata: { ...found.metadata, resourceVersion: this.#next() } })
    if (method === 'DELETE') {
      this.deletions.push(body)
      if (collection === 'pods')
        setTimeout(() => this.deletePod(name), this.#options.isNodeGone === true ? 1e6 : 20).unref()
      else this.#collect(found)
    }
    return say(response, 200, found)
  }

  #create(
    objects: Map<string, FakeObject>,
    url: URL,
    body: Record<string, never> | null,
    response: ServerResponse,
  ): void {
    const { admit } = this.#options
    const isAdmitted = objects === this.pods && admit !== undefined && body !== null
    const given = (isAdmitted ? admit(body) : body) as unknown as FakeObject
    const made: FakeObject = {
      ...given,
      metadata: {
        ...given.metadata,
        uid: randomUUID(),
        resourceVersion: this.#next(),
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
    }
    if (url.searchParams.get('dryRun') !== 'All') {
      objects.set(made.metadata.name, made)
      if (objects === this.pods) {
        this.#tell('ADDED', made)
        setTimeout(() => this.#set(made, this.#options.podStatus ?? this.#running(made)), 10)
      }
    }
    say(response, 201, made)
  }

  #running(pod: FakeObject): object {
    const { applied } = this.#options
    const containerStatuses = (pod.spec.containers ?? []).map(({ name, resources }) => {
      const status = { name, state: { running: {} } }
      return applied === null ? status : Object.assign(status, { resources: { limits: applied ?? resources.limits } })
    })
    return { phase: 'Running', containerStatuses }
  }

  #set(pod: FakeObject, status: object): void {
    if (!this.pods.has(pod.metadata.name)) return
    pod.status = status
    pod.metadata.resourceVersion = this.#next()
    this.#tell('MODIFIED', pod)
  }

  /** As the cluster collects what an object leaves behind that owned it. */
  #collect(owner: FakeObject): void {
    this.leases.delete(owner.metadata.name)
    for (const [name, { metadata }] of this.pods) {
      if (metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) === true) this.deletePod(name)
    }
  }

  #list(objects: ReadonlyMap<string, FakeObject>, response: ServerResponse): void {
    say(response, 200, { metadata: { resourceVersion: String(this.#version) }, items: [...objects.values()] })
  }

  #watch(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    // What happened between the list and this moment.
    for (const object of this.pods.values()) response.write(`${JSON.stringify({ type: 'MODIFIED', object })}\n`)
    this.#watchers.add(response)
    response.once('close', () => this.#watchers.delete(response))
  }

  #tell(type: string, object: FakeObject): void {
    for (const watcher of this.#watchers) watcher.write(`${JSON.stringify({ type, object })}\n`)
  }

  #review(body: Record<string, never> | null): object {
    const asked = (body as unknown as { spec: { resourceAttributes: Record<string, string> } }).spec.resourceAttributes
    const name = `${asked['verb']} ${asked['resource']}${asked['subresource'] === undefined ? '' : `/${asked['subresource']}`}`
    return { status: { allowed: !(this.#options.denied ?? []).includes(name) } }
  }

  #exec(url: URL, socket: WebSocket): void {
    const name = /\/pods\/([^/]+)\/exec$/.exec(url.pathname)?.[1] ?? ''
    const [word = '', ...words] = url.searchParams.getAll('command')
    this.asked.push(`EXEC ${url.searchParams.get('container')} ${words.at(-1) === 'enter' ? 'enter' : word}`)
    const open = this.#streams.get(name) ?? new Set()
    this.#streams.set(name, open.add(socket))
    if (this.#options.isNodeGone === true) return
    if (url.searchParams.getAll('command').at(-1) !== 'enter') return this.#strike(url, socket)
    const [near, guest] = duplexPair()
    const pod = this.pods.get(name)
    startFakeSupervisor(guest, {
      ready: { ...(pod === undefined ? {} : { mounts: mountsOfPod(pod) }), ...this.#options.ready },
      onCrash: (how) => void this.endPod(name, how === 'oom' ? 'OOMKilled' : 'Error', 137),
    })
    socket.on('message', (data: Buffer) => {
      if (data[0] === 0) near.write(data.subarray(1))
    })
    near.on('data', (piece: Buffer) => socket.send(Buffer.concat([Buffer.of(1), piece])))
    near.on('error', () => {})
    socket.once('close', () => near.destroy())
    this.#ends.set(name, () => {
      near.destroy()
      socket.send(Buffer.concat([Buffer.of(3), Buffer.from('{"status":"Failure","message":"ended"}')]), () =>
        socket.close(),
      )
    })
  }

  /** What ends the processes of the code, and what counts them. */
  #strike(url: URL, socket: WebSocket): void {
    const { hinders } = this.#options
    const isCount = url.searchParams.get('container') === 'supervisor'
    // It waits for an end that does not come.
    if (isCount && hinders === 'strike') return
    if (isCount) socket.send(Buffer.concat([Buffer.of(1), Buffer.from('none left\n')]))
    const isEnded = isCount ? hinders === 'count' : hinders === 'strike'
    const status = isEnded ? { status: 'Failure', reason: 'NonZeroExitCode', message: '137' } : { status: 'Success' }
    socket.send(Buffer.concat([Buffer.of(3), Buffer.from(JSON.stringify(status))]), () => socket.close())
  }

  #end(name: string): void {
    this.#ends.get(name)?.()
    this.#ends.delete(name)
  }

  #next(): string {
    this.#version += 1
    return String(this.#version)
  }
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function containersOf(pod: FakeObject, state: () => object) {
  return (pod.spec.containers ?? []).map(({ name }) => ({ name, state: state() }))
}

/** What gVisor mounts for the annotations of a Pod. */
function mountsOfPod({ metadata }: FakeObject): object[] {
  const paths: Readonly<Record<string, string>> = {
    'dev-shm': '/dev/shm',
    tmp: '/tmp',
    'mnt-data': '/mnt/data',
    'run-sallyport': '/run/sallyport',
  }
  return Object.entries(paths).map(([volume, path]) => {
    const options = metadata.annotations?.[`dev.gvisor.spec.mount.${volume}.options`] ?? ''
    const [, size = '0'] = /size=(\d+)k/.exec(options) ?? []
    const [, mode = '0'] = /mode=(\d+)/.exec(options) ?? []
    const [, uid = '0'] = /uid=(\d+)/.exec(options) ?? []
    return { path, bytes: Number(size) * 1024, mode: Number.parseInt(mode, 8), uid: Number(uid), noexec: false }
  })
}

/** A kubeconfig that names this cluster. */
export function kubeconfigOf(url: string): string {
  return JSON.stringify({
    'current-context': 'fake',
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
    clusters: [{ name: 'fake', cluster: { server: url } }],
    users: [{ name: 'fake', user: { token: 'secret-token' } }],
  })
}
