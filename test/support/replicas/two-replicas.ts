import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Client } from 'pg'
import { sallyportHere } from '../cli/sallyport-here.ts'
import { startCluster, type PostgresCluster } from '../databases/postgres-cluster.ts'
import type { ServedRequest, ServedTurn } from '../http/scripted-openai-server.ts'
import { KilledService } from '../surfaces/killed/killed-service.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { CutRelay } from './cut-relay.ts'
import { TcpBalancer } from './tcp-balancer.ts'

/** `SALLYPORT_REPLICA_RESTARTS` for more, in sandboxes of the machine then. */
const given = process.env['SALLYPORT_REPLICA_RESTARTS']
export const hasRealSandboxes = given !== undefined
export const restarts = Number(given ?? 1)
/** Minutes between the clocks of the two. */
const apartMinutes = 7

/** A model that runs as many programs as it is asked for, each of which takes so long. */
function asAsked({ body: { messages } }: ServedRequest): ServedTurn {
  const asked = messages.findLastIndex(({ role }) => role === 'user')
  const done = messages.slice(asked).filter(({ role }) => role === 'tool').length
  const [, programs = '0', seconds = '0'] = /^(\d+) of ([\d.]+) s$/.exec(messages[asked]?.content ?? '') ?? []
  if (done >= Number(programs)) return { kind: 'turn', text: 'Done.' }
  const code = `import time\ntime.sleep(${seconds})\nprint("${done}")`
  return {
    kind: 'turn',
    text: `Program ${done}.`,
    calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }],
  }
}

interface Body {
  readonly id: string
  readonly code?: string
  readonly detail?: string
  readonly outcome?: string
  readonly data?: readonly { readonly id: string; readonly run: string | null }[]
  readonly elsewhere?: readonly { readonly id: string; readonly replica: string }[]
}

/** An answer of one of them. */
export interface Told extends Body {
  readonly httpStatus: number
  readonly replica: string | null
  readonly replayed: string | null
}

interface Asked {
  readonly key?: string
  readonly idempotencyKey?: string
}

/** Two services over one PostgreSQL behind a balancer, whose clocks are minutes apart. */
export class TwoReplicas implements AsyncDisposable {
  readonly one: KilledService
  readonly other: KilledService
  readonly balancer: TcpBalancer
  readonly cluster: PostgresCluster
  /** Between the first of them and the server. */
  readonly relay: CutRelay
  /** A second caller's key, of the group `few`, which may ask for one thing at a time. */
  readonly bob: string
  readonly #storageUrl: string
  readonly #stack: AsyncDisposableStack

  private constructor(
    parts: Pick<TwoReplicas, 'one' | 'other' | 'balancer' | 'cluster' | 'relay' | 'bob'>,
    storageUrl: string,
    stack: AsyncDisposableStack,
  ) {
    this.one = parts.one
    this.other = parts.other
    this.balancer = parts.balancer
    this.cluster = parts.cluster
    this.relay = parts.relay
    this.bob = parts.bob
    this.#storageUrl = storageUrl
    this.#stack = stack
  }

  /** `quotasUrl`: of a Redis that has what callers use. */
  static async start(leaseMilliseconds: number, quotasUrl: string | null = null): Promise<TwoReplicas> {
    await using stack = new AsyncDisposableStack()
    const cluster = stack.use(await startCluster())
    const name = `replicas_${randomUUID().replaceAll('-', '')}`
    await cluster.execute(`CREATE DATABASE ${name}`)
    const storageUrl = cluster.primaryUrl.replace(/\/postgres$/, `/${name}`)
    const relay = stack.use(await CutRelay.start(storageUrl))
    const variables = {
      SALLYPORT_STORAGE_LEASE_MS: String(leaseMilliseconds),
      SALLYPORT_HTTP_DRAIN_GRACE_MS: '3000',
      SALLYPORT_HTTP_DRAIN_MS: '60000',
      SALLYPORT_STORAGE_REPLICA: 'one',
      // Nothing of it is asked here, and a replica is ready once its sources are.
      SALLYPORT_SOURCES: '{}',
      ...(quotasUrl === null ? {} : { SALLYPORT_STORAGE_QUOTAS_URL: quotasUrl }),
    }
    const few = { models: ['*'], tools: ['run_python'], concurrent_requests: 1, tokens_per_day: 1_000_000 }
    const started = { storageUrl: relay.url, hasRealSandboxes, model: asAsked, groups: { few }, variables }
    const one = stack.use(await KilledService.start(started))
    // As on another machine: one that is stopped would keep the lock of a trail that both write.
    const folder = temporaryFolder('other-replica-')
    const other = stack.use(
      await one.beside({
        SALLYPORT_STORAGE_URL: storageUrl,
        SALLYPORT_STORAGE_REPLICA: 'other',
        SALLYPORT_STATE_DIRECTORY: folder,
        SALLYPORT_TELEMETRY_AUDIT_FILE: join(folder, 'audit.jsonl'),
        CLOCK_AHEAD_MS: String(apartMinutes * 60_000),
      }),
    )
    const balancer = stack.use(await TcpBalancer.start([one, other]))
    const words = ['keys', 'create', 'bob', '--group', 'few']
    const made = await sallyportHere(words, { environment: other.environment })
    const bob = /sp-[\w-]+/.exec(made.stdout)?.[0] ?? ''
    return new TwoReplicas({ one, other, balancer, cluster, relay, bob }, storageUrl, stack.move())
  }

  async ask(
    service: KilledService,
    method: string,
    path: string,
    body: object | null = null,
    { key = service.key, idempotencyKey }: Asked = {},
  ): Promise<Told> {
    const once = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
    const answer = await service.ask(method, path, body, { authorization: `Bearer ${key}`, ...once })
    const text = await answer.text()
    const json = text === '' ? { id: '' } : (JSON.parse(text) as Body)
    return {
      ...json,
      httpStatus: answer.status,
      replica: answer.headers.get('x-sallyport-replica'),
      replayed: answer.headers.get('idempotency-replayed'),
    }
  }

  /** What a command says of the storage. */
  async command(...words: readonly string[]): Promise<unknown> {
    const { stdout } = await sallyportHere([...words, '--output', 'json'], { environment: this.other.environment })
    return JSON.parse(stdout)
  }

  /** The number of the last lease of a replica. */
  async numberOf(replica: string): Promise<number> {
    // One for each question: its server may be ended by a test.
    const client = new Client({ connectionString: this.#storageUrl, options: '-c search_path=sallyport' })
    await client.connect()
    try {
      const sql = 'select max(number) as number from process_leases where replica = $1'
      return Number((await client.query<{ number: string }>(sql, [replica])).rows[0]?.number)
    } finally {
      await client.end()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}
