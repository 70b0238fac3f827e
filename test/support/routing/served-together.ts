import { randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sallyportHere } from '../cli/sallyport-here.ts'
import { serve, type Served } from '../cli/sallyport-process.ts'
import type { PostgresCluster } from '../databases/postgres-cluster.ts'
import type { RedisServer } from '../databases/redis-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** What callers are told of where a call went, by the name of the target. */
export type ToldRoute = ReadonlyMap<string, string>

export interface AnsweredCall {
  readonly status: number
  readonly text: string
  /** Empty where the group is not told. */
  readonly route: ToldRoute
}

/** The routes for operators of one process. */
export const adminOf = ({ banner }: Served): string => /Admin\s+(https?:\S+)\/admin\/v1/.exec(banner)?.[1] ?? ''

/** Several processes of the service that share their storage and what callers use, each with its own breakers and measurements. */
export class ServedTogether implements AsyncDisposable {
  readonly processes: readonly Served[]
  readonly operatorKey: string
  readonly #stack: AsyncDisposableStack

  private constructor(processes: readonly Served[], operatorKey: string, stack: AsyncDisposableStack) {
    this.processes = processes
    this.operatorKey = operatorKey
    this.#stack = stack
  }

  static async start(
    count: number,
    configuration: object,
    { cluster, redis }: { readonly cluster: PostgresCluster; readonly redis: RedisServer },
  ): Promise<ServedTogether> {
    await using stack = new AsyncDisposableStack()
    const database = `routing_${randomUUID().replaceAll('-', '')}`
    await cluster.execute(`CREATE DATABASE ${database}`)
    const file = join(temporaryFolder('sallyport-together-'), 'sallyport.yaml')
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(configuration))
    const environment = {
      SALLYPORT_CONFIG: file,
      SALLYPORT_STORAGE_KIND: 'postgresql',
      SALLYPORT_STORAGE_URL: cluster.primaryUrl.replace(/\/postgres$/, `/${database}`),
      SALLYPORT_STORAGE_QUOTAS_URL: redis.newUrl(),
      TOGETHER_KEY: randomBytes(32).toString('hex'),
    }
    const first = stack.use(await serve(environment))
    const others = await Promise.all(
      Array.from({ length: count - 1 }, async () => stack.use(await serve(environment, first.key))),
    )
    const made = await sallyportHere(['keys', 'create', 'operator', '--scopes', 'admin'], {
      environment: first.environment,
    })
    const operatorKey = /sp-[\w-]+/.exec(made.stdout)?.[0]
    if (operatorKey === undefined) throw new Error(`no key in: ${made.stdout}${made.stderr}`)
    return new ServedTogether([first, ...others], operatorKey, stack.move())
  }

  /** The process of this number, from 0 and around. */
  process(number: number): Served {
    const served = this.processes[number % this.processes.length]
    if (served === undefined) throw new Error('there is no process')
    return served
  }

  /** Asks the routes for operators of the first process, or of another. */
  async admin<Answer>(method: string, path: string, body?: object, served = this.process(0)): Promise<Answer> {
    const response = await fetch(`${adminOf(served)}/admin/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.operatorKey}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }

  /** New callers of these groups, whom every process knows. */
  async newCallers(groups: readonly string[]): Promise<readonly Caller[]> {
    const callers: Caller[] = []
    for (const group of groups) {
      callers.push(await this.admin<Caller>('POST', '/keys', { name: 'test', group }))
    }
    const last = callers.at(-1)
    const isKnownTo = async ({ url }: Served): Promise<boolean> =>
      (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${last?.key}` } })).status === 200
    for (const served of this.processes) while (!(await isKnownTo(served))) await sleep(1_000)
    return callers
  }

  /** What a caller has used of a unit, in all processes. */
  async used({ id }: Caller, unit: string): Promise<number | undefined> {
    interface Limits {
      readonly limits: readonly { readonly unit: string; readonly used: number; readonly held: number }[]
    }
    const { limits } = await this.admin<Limits>('GET', `/limits?principal=${id}`)
    return limits.find((limit) => limit.unit === unit)?.used
  }

  async ask({ key }: Caller, number: number, body: object, path = '/v1/chat/completions'): Promise<AnsweredCall> {
    const response = await fetch(this.process(number).url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, text: await response.text(), route: toldRoute(response.headers) }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}

export interface Caller {
  readonly id: string
  readonly key: string
}

export function toldRoute(headers: Headers): ToldRoute {
  const told = headers.get('x-sallyport-route')
  if (told === null) return new Map()
  return new Map(
    told.split(', ').map((part) => {
      const [name = '', ...rest] = part.split(';')
      return [name.slice(1, -1), rest.filter((each) => !each.startsWith('upstream=')).join(';')] as const
    }),
  )
}

/** The target that has answered. */
export const answeredBy = ({ route }: AnsweredCall): string | undefined =>
  [...route].find(([, told]) => told.includes('answered'))?.[0]
