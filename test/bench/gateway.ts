import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from '@redis/client'
import { counterOf } from '../../src/storage/quotas/quota-book.ts'
import { quotaScript } from '../../src/storage/redis/quota-script.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster } from '../support/databases/postgres-cluster.ts'
import { ensureRedis, startRedis } from '../support/databases/redis-server.ts'
import { policyCosts } from './gateway/policy.ts'
import { figure, report, type Figures } from './figures.ts'
import { measureIdentity } from './gateway/identity.ts'
import { liteLlmBudget } from './gateway/litellm-budget.ts'
import { measureWholeWay } from './gateway/whole-way.ts'

const processes = 4
/** Pairs at a time of each process. */
const atOnce = 16
const milliseconds = 5_000
const principals = 1_000_000
const duePostgres = { thousand_keys: 1_000, one_key: 300 }
const dueRedis = { thousand_keys: 3_000, one_key: 900 }

interface Load {
  readonly options: object
  readonly keys: number
  readonly processes: number
  readonly atOnce: number
  /** Pairs that are due in a second, of all processes together; absent where each waits for the one before. */
  readonly perSecond?: number
}

interface LoadResult {
  readonly perSecond: number
  /** Seconds of processor time of all processes. */
  readonly processor: number
  readonly samples: readonly number[]
}

/** Several processes that begin at the same moment. */
async function load({ options, keys, processes: count, atOnce: at, perSecond: due = 0 }: Load): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const script = join(import.meta.dirname, 'gateway/quota-load-worker.ts')
  const given = [JSON.stringify(options), folder, String(keys), String(at), String(milliseconds), String(due / count)]
  const running = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...given], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() }
  })
  await Promise.all(running.map(({ lines }) => lines.next()))
  for (const { child } of running) child.stdin.write('go\n')
  const results = await Promise.all(
    running.map(async ({ child, lines }) => {
      const { value } = await lines.next()
      await once(child, 'close')
      return JSON.parse(String(value)) as LoadResult
    }),
  )
  rmSync(folder, { recursive: true, force: true })
  return {
    perSecond: results.reduce((sum, { perSecond }) => sum + perSecond, 0),
    processor: results.reduce((sum, { processor }) => sum + processor, 0),
    samples: results.flatMap(({ samples }) => samples),
  }
}

interface DuePairs {
  readonly thousand_keys: number
  readonly one_key: number
}

/** As many pairs as there can be, and how long one takes where so many are due in a second. */
async function rates(name: string, options: () => Promise<object>, due?: DuePairs): Promise<Figures> {
  const figures: Figures = {}
  for (const [what, keys] of [
    ['thousand_keys', 1_000],
    ['one_key', 1],
  ] as const) {
    const { perSecond, samples } = await load({ options: await options(), keys, processes, atOnce })
    figures[`ledger_${name}.${what}`] = figure([perSecond], { unit: 'per second' })
    figures[`ledger_${name}.${what}_pair`] = figure(samples)
    process.stderr.write(`${name} ${what}: ${Math.round(perSecond)} pairs/s\n`)
    if (due === undefined) continue
    const paced = await load({ options: await options(), keys, processes, atOnce, perSecond: due[what] })
    figures[`ledger_${name}.${what}_due_pair`] = figure(paced.samples)
  }
  return figures
}

/** Bytes that a Redis server has for so many principals, each with what it used in four windows. */
async function redisBytes(url: string, usedBytes: () => Promise<number>): Promise<number> {
  const before = await usedBytes()
  const client = createClient({ url })
  await client.connect()
  const digest = await client.scriptLoad(quotaScript)
  const windows = ['60s', 'hour', 'day', 'month'] as const
  for (let done = 0; done < principals; done += 1_000) {
    const orders = Array.from({ length: 1_000 }, async (_, index) => {
      const [id, account] = [`l${done + index}`, `key:${(done + index).toString(36).padStart(16, '0')}`]
      const limits = windows.map((window) => [
        account,
        counterOf({ account, unit: 'tokens', window, most: 0 }),
        1e9,
        900,
      ])
      const script = (message: object) =>
        client.evalSha(digest, { keys: ['{sallyport}qx'], arguments: [JSON.stringify(message), ''] })
      await script({ kind: 'hold', id, limits, known: {}, lease: 30_000 })
      await script({ kind: 'settle', id, uses: { tokens: 600 } })
    })
    await Promise.all(orders)
  }
  await client.close()
  return (await usedBytes()) - before
}

/** Pairs in a second of processor time of the process that asks, which is what one core of a gateway does; LiteLLM's beside it. */
async function perCore(newUrl: () => string, hasPeer: boolean): Promise<Figures> {
  const one = { keys: 1_000, atOnce }
  const { samples, processor } = await load({ options: { quotas_url: newUrl() }, processes: 1, ...one })
  const ours = [samples.length / processor]
  if (!hasPeer) return { 'ledger_redis.per_core': figure(ours, { unit: 'per second' }) }
  const peer = liteLlmBudget(newUrl(), one)
  const reference = { name: "LiteLLM's budget check", samples: [peer.pairs / peer.processor] }
  return { 'ledger_redis.per_core': figure(ours, { unit: 'per second', reference }) }
}

/** Each by the name that `--only NAME,NAME` takes. */
const parts: Readonly<Record<string, () => Promise<Figures>>> = {
  identity: measureIdentity,
  policy: policyCosts,
  'whole-way': measureWholeWay,
  embedded: embeddedLedger,
  postgresql: postgresLedger,
  redis: redisLedger,
  'redis-memory': redisMemory,
}

async function embeddedLedger(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const one = await load({ options: { path: join(folder, 'sallyport.db') }, keys: 1_000, processes: 1, atOnce: 1 })
  process.stderr.write(`embedded: ${Math.round(one.perSecond)} pairs/s one after the other\n`)
  const figures = await rates('embedded', async () => ({ path: join(folder, 'sallyport.db') }))
  rmSync(folder, { recursive: true, force: true })
  return { 'ledger_embedded.pair': figure(one.samples), ...figures }
}

async function postgresLedger(): Promise<Figures> {
  const problem = ensureServer()
  if (problem !== null) return skipped('PostgreSQL', problem)
  await using cluster = await startCluster(undefined, { isDurable: true })
  return await rates('postgresql', async () => ({ kind: 'postgresql', url: cluster.primaryUrl }), duePostgres)
}

async function redisLedger(): Promise<Figures> {
  const problem = ensureRedis()
  if (problem !== null) return skipped('Redis', problem)
  await using server = await startRedis()
  return {
    ...(await rates('redis', async () => ({ quotas_url: server.newUrl() }), dueRedis)),
    ...(await perCore(() => server.newUrl(), process.argv.includes('litellm'))),
  }
}

async function redisMemory(): Promise<Figures> {
  const problem = ensureRedis()
  if (problem !== null) return skipped('Redis', problem)
  await using server = await startRedis()
  const bytes = await redisBytes(server.newUrl(), () => server.usedBytes())
  return { 'ledger_redis.million_principals': figure([bytes], { unit: 'bytes' }) }
}

function skipped(what: string, problem: string): Figures {
  process.stderr.write(`SKIPPED: ${what}, ${problem}\n`)
  return {}
}

/**
 * What it takes to know a caller, what a decision of policy costs, and holding and settling quota in each store; `--only NAME,NAME`
 * takes some of them.
 */
export async function benchGateway(): Promise<void> {
  const at = process.argv.indexOf('--only')
  const names = at === -1 ? Object.keys(parts) : (process.argv[at + 1] ?? '').split(',')
  const unknown = names.find((name) => !Object.hasOwn(parts, name))
  if (unknown !== undefined) throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not "${unknown}".`)
  const figures: Figures = {}
  for (const name of names) Object.assign(figures, await parts[name]?.())
  report('gateway', figures)
}
