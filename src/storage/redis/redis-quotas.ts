import { createHash } from 'node:crypto'
import { createClient, ErrorReply } from '@redis/client'
import { withDeadline } from '../../concurrency/with-deadline.ts'
import type { QuotaHeld, QuotaLedger, QuotaRefused, QuotaStanding } from '../../core/quotas.ts'
import type { Secret } from '../../core/secret.ts'
import type { StorageHealth } from '../health.ts'
import { counterOf, refusalAmong, type QuotaOrder } from '../quotas/quota-book.ts'
import { withRecovery } from '../quotas/with-recovery.ts'
import { StorageFailure } from '../storage-failure.ts'
import { quotaScript } from './quota-script.ts'

interface RedisQuotaOptions {
  readonly url: Secret
  readonly timeoutMilliseconds: number
  readonly health: StorageHealth
  /** Milliseconds since 1970; null is the server's own clock, the same for all processes. */
  readonly now: (() => number) | null
}

type HoldOrder = Extract<QuotaOrder, { readonly kind: 'hold' }>

interface ScriptAnswer {
  readonly fits?: boolean
  /** Used, held, time, when the first is let go, when it fits; -1 where that is nowhere. */
  readonly standings?: readonly (readonly [number, number, number, number, number])[]
  readonly recovered?: number
}

const leaseEnds = '{sallyport}qx'
const scriptDigest = createHash('sha1').update(quotaScript).digest('hex')

/**
 * Quotas in a Redis server, for all processes of a service. What was answered lasts as long as what the server writes: with
 * `appendonly yes` and `appendfsync always` it is on the disk, with `everysec` the last second may be lost with the machine.
 * Nothing of the server may be evicted: one that might is not used.
 */
export function openRedisQuotas(options: RedisQuotaOptions): QuotaLedger & AsyncDisposable {
  const server = new QuotaServer(options)
  const { health } = options
  const ledger = withRecovery({
    run: (order) => health.writes(() => server.run(order)),
    recover: () => health.writes(() => server.recover()),
  })
  return { ...ledger, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

class QuotaServer implements AsyncDisposable {
  readonly #options: RedisQuotaOptions
  readonly #client: ReturnType<typeof createClient>
  #opening: Promise<unknown> | null = null
  /** Does this connection lead to a server that evicts nothing? */
  #isKept = false

  constructor(options: RedisQuotaOptions) {
    this.#options = options
    const { timeoutMilliseconds } = options
    this.#client = createClient({
      url: options.url.reveal(),
      name: 'sallyport',
      // What cannot be asked now is refused now, and not asked when nobody waits for it any more.
      disableOfflineQueue: true,
      commandOptions: { timeout: timeoutMilliseconds },
      socket: {
        connectTimeout: timeoutMilliseconds,
        reconnectStrategy: (retries) => Math.min(2_000, 50 * 2 ** Math.min(retries, 6)),
      },
    })
    // Each failure is told to whoever asked; heard by nobody, it would end the process.
    this.#client.on('error', () => {})
    this.#client.on('ready', () => (this.#isKept = false))
  }

  async run(order: QuotaOrder): Promise<QuotaHeld | QuotaRefused | null> {
    if (order.kind === 'hold') return answerTo(order, await this.#script(messageOf(order)))
    await this.#script(messageOf(order))
    return null
  }

  async recover(): Promise<number> {
    let recovered = 0
    for (;;) {
      const { recovered: some = 0 } = await this.#script({ kind: 'recover' })
      if (some === 0) return recovered
      recovered += some
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#client.isReady) await this.#client.close()
    else if (this.#client.isOpen) this.#client.destroy()
  }

  async #script(message: object): Promise<ScriptAnswer> {
    const { now } = this.#options
    const given = { keys: [leaseEnds], arguments: [JSON.stringify(message), now === null ? '' : String(now())] }
    try {
      await this.#open()
      if (!this.#isKept) await this.#requireKept()
      const answer = await this.#client.evalSha(scriptDigest, given).catch((thrown: unknown) => {
        // A server that was started again knows no scripts.
        if (thrown instanceof ErrorReply && thrown.message.startsWith('NOSCRIPT')) {
          return this.#client.eval(quotaScript, given)
        }
        throw thrown
      })
      if (typeof answer !== 'string') throw new Error('it answered no text')
      return JSON.parse(answer) as ScriptAnswer
    } catch (thrown) {
      throw failureOf(thrown)
    }
  }

  /**
   * A server that is full and evicts makes room with what callers have used, which gives them their limits a second time. Every key
   * of quotas has an end, so that a policy for those alone evicts them as well.
   */
  async #requireKept(): Promise<void> {
    const memory = await this.#client.info('memory')
    const [, most = '0'] = /^maxmemory:(\d+)/m.exec(memory) ?? []
    const [, policy = 'noeviction'] = /^maxmemory_policy:(\S+)/m.exec(memory) ?? []
    if (most !== '0' && policy !== 'noeviction') {
      throw new StorageFailure('evicting', `its maxmemory-policy is ${policy}, with a maxmemory of ${most} bytes`)
    }
    this.#isKept = true
  }

  /** The client connects again by itself; what is asked before it has is refused. */
  async #open(): Promise<void> {
    if (this.#client.isReady) return
    const opening = (this.#opening ??= this.#client.connect().finally(() => (this.#opening = null)))
    await withDeadline(this.#options.timeoutMilliseconds, () => opening)
  }
}

function messageOf(order: QuotaOrder): object {
  if (order.kind === 'settle') return { kind: 'settle', id: order.lease.id, uses: order.uses }
  if (order.kind === 'renew') {
    const { lease, known, leaseMilliseconds } = order.renewal
    return { kind: 'renew', id: lease.id, known, lease: leaseMilliseconds }
  }
  const { id, limits, bounds, known, leaseMilliseconds, again } = order.ask
  const asked = limits.map((limit) => [limit.account, counterOf(limit), limit.most, bounds[limit.unit] ?? 0])
  return { kind: 'hold', id, limits: asked, known, lease: leaseMilliseconds, again }
}

function answerTo({ ask }: HoldOrder, { fits, standings = [] }: ScriptAnswer): QuotaHeld | QuotaRefused | null {
  const told = ask.limits.flatMap(
    (limit, index): { readonly standing: QuotaStanding; readonly fitsAt: number | null }[] => {
      const standing = standings[index]
      if (standing === undefined) return []
      const [used, held, now, nextAt, fitsAt] = standing
      return [{ standing: { limit, used, held, now, nextAt: timeOf(nextAt) }, fitsAt: timeOf(fitsAt) }]
    },
  )
  if (fits !== true) return refusalAmong(told, ask.bounds)
  const accounts = [...new Set(ask.limits.map(({ account }) => account))]
  return { kind: 'held', lease: { id: ask.id, accounts }, standings: told.map(({ standing }) => standing) }
}

const timeOf = (time: number): number | null => (time < 0 ? null : time)

/** By how a server says that it cannot (redis.io/docs/latest/develop/reference/protocol-spec, "simple errors"). */
const states: readonly (readonly [RegExp, StorageFailure['state']])[] = [
  [/^OOM /, 'disk-full'],
  [/^MISCONF /, 'disk-full'],
  [/^READONLY /, 'read-only'],
  [/^BUSY /, 'locked'],
  [/^(?:WRONGTYPE|ERR Bad data format)/, 'damaged'],
]

function failureOf(thrown: unknown): StorageFailure {
  if (thrown instanceof StorageFailure) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const found = thrown instanceof ErrorReply ? states.find(([pattern]) => pattern.test(message)) : undefined
  return new StorageFailure(found?.[1] ?? 'unreachable', message, thrown)
}
