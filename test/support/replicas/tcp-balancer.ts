import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A replica as a balancer knows it. */
export interface Target {
  /** `http://127.0.0.1:8080`; another one once it was started again. */
  readonly url: string
}

/** A busy machine takes its time to say that it is ready, milliseconds. */
const patience = 10_000

/**
 * Hands each new connection to the next replica whose `/readyz` says 200, and reads nothing of what goes over it. One that is ready no more keeps the connections that
 * it has, as behind the services of Kubernetes.
 */
export class TcpBalancer implements AsyncDisposable {
  readonly #targets: readonly Target[]
  readonly #every: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #ready = new Set<Target>()
  readonly #over = new AbortController()
  #looking: readonly Promise<void>[] = []
  #next = 0

  private constructor(targets: readonly Target[], every: number) {
    this.#targets = targets
    this.#every = every
    this.#server = createServer({ allowHalfOpen: true }, (socket) => void this.#serve(socket))
  }

  /** `every`: how often each is asked whether it is ready, milliseconds. */
  static async start(targets: readonly Target[], every = 50): Promise<TcpBalancer> {
    const balancer = new TcpBalancer(targets, every)
    balancer.#server.listen(0, '127.0.0.1')
    await once(balancer.#server, 'listening')
    await Promise.all(targets.map((target) => balancer.#look(target)))
    balancer.#looking = targets.map((target) => balancer.#lookOn(target))
    return balancer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** How many replicas take new connections. */
  get ready(): number {
    return this.#ready.size
  }

  /** One look after the other: an older one would be believed in place of a newer. */
  async #lookOn(target: Target): Promise<void> {
    while (!this.#over.signal.aborted) {
      await sleep(this.#every, null, { signal: this.#over.signal }).catch(() => undefined)
      await this.#look(target)
    }
  }

  async #look(target: Target): Promise<void> {
    const signal = AbortSignal.any([this.#over.signal, AbortSignal.timeout(patience)])
    const isReady = await fetch(`${target.url}/readyz`, { signal }).then(
      async (answer) => {
        await answer.text()
        return answer.status === 200
      },
      () => false,
    )
    if (isReady) this.#ready.add(target)
    else this.#ready.delete(target)
  }

  async #serve(client: Socket): Promise<void> {
    this.#hold(client)
    for (let tries = 0; tries < this.#targets.length; tries += 1) {
      const ready = [...this.#ready]
      const target = ready[this.#next++ % Math.max(1, ready.length)]
      if (target === undefined) break
      const { hostname, port } = new URL(target.url)
      const server = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
      const isConnected = await once(server, 'connect').then(
        () => true,
        () => false,
      )
      if (!isConnected) {
        this.#ready.delete(target)
        continue
      }
      this.#hold(server)
      client.pipe(server)
      server.pipe(client)
      client.once('close', () => server.destroy())
      server.once('close', () => client.destroySoon())
      return
    }
    client.destroy()
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#sockets.delete(socket))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort()
    await Promise.all(this.#looking)
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
