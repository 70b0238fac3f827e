import type { PlanEstimate } from '../../core/statement.ts'
import type { Catalog } from '../../core/catalog.ts'
import { ServiceError } from '../../core/errors.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { Database, QueryLimits, QueryResult, RoleProof } from '../database.ts'
import type { ServerState } from './transaction.ts'

/** A replica as the choice among several sees it. */
export interface Replica extends Database {
  state(signal: AbortSignal): Promise<ServerState>
  estimate(statement: Vetted<'sql'>, signal: AbortSignal): Promise<PlanEstimate>
}

export interface PostgresReplicasOptions {
  readonly source: string
  /** At least one; all with the same schema and the same role. Owned: disposed with this. */
  readonly replicas: readonly Replica[]
  /** How long an answer about health and lag counts, milliseconds. */
  readonly stateMilliseconds?: number
  /** Longest wait for such an answer; a replica that does not give it in time counts as down. */
  readonly stateTimeoutMilliseconds?: number
  /** Milliseconds since any fixed point; never one that jumps, or an old answer would count for as long. */
  readonly clock?: () => number
}

interface Known {
  readonly at: number
  /** Null: it could not be asked. */
  readonly lagMilliseconds: number | null
  readonly up: boolean
}

/** Several replicas as one source: each statement goes to the one that works and is least behind. */
export class PostgresReplicas implements Database {
  readonly source: string
  readonly kind = 'postgresql'
  readonly #replicas: readonly Replica[]
  readonly #stateMilliseconds: number
  readonly #stateTimeoutMilliseconds: number
  readonly #clock: () => number
  readonly #known = new Map<Replica, Known>()

  constructor(options: PostgresReplicasOptions) {
    this.source = options.source
    this.#replicas = options.replicas
    this.#stateMilliseconds = options.stateMilliseconds ?? 5000
    this.#stateTimeoutMilliseconds = options.stateTimeoutMilliseconds ?? 2000
    this.#clock = options.clock ?? (() => performance.now())
  }

  get keepsLedger(): boolean {
    return this.#replicas.every((replica) => replica.keepsLedger === true)
  }

  async catalog(signal: AbortSignal): Promise<Catalog> {
    return this.#onBest(signal, (replica) => replica.catalog(signal))
  }

  async query(statement: Vetted<'sql'>, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult> {
    return this.#onBest(signal, (replica) => replica.query(statement, limits, signal))
  }

  /** Of the replica that a statement would go to. */
  async state(signal: AbortSignal): Promise<ServerState> {
    return this.#onBest(signal, (replica) => replica.state(signal))
  }

  async estimate(statement: Vetted<'sql'>, signal: AbortSignal): Promise<PlanEstimate> {
    return this.#onBest(signal, (replica) => replica.estimate(statement, signal))
  }

  /** The excess of every replica that can be asked: one server where the role may more is one too many. */
  async prove(signal: AbortSignal): Promise<RoleProof> {
    const answers = await Promise.allSettled(this.#replicas.map((replica) => replica.prove(signal)))
    const proofs = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    const [first] = proofs
    if (first === undefined) throw (answers[0] as PromiseRejectedResult).reason
    return {
      role: first.role,
      inRecovery: proofs.every((proof) => proof.inRecovery),
      excess: [...new Set(proofs.flatMap((proof) => proof.excess))],
      identities: [...new Set(proofs.flatMap((proof) => proof.identities ?? []))],
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica[Symbol.asyncDispose]()))
  }

  /** Tries the replicas in order of their lag; only "cannot be asked" leads to the next one. */
  async #onBest<T>(signal: AbortSignal, ask: (replica: Replica) => Promise<T>): Promise<T> {
    let last: unknown = new ServiceError('database-unavailable', `No replica of "${this.source}" is configured.`)
    for (const replica of await this.#inOrder(signal)) {
      try {
        return await ask(replica)
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== 'database-unavailable' || signal.aborted) throw error
        this.#known.set(replica, { at: this.#clock(), up: false, lagMilliseconds: null })
        last = error
      }
    }
    throw last
  }

  async #inOrder(signal: AbortSignal): Promise<Replica[]> {
    const known = await Promise.all(
      this.#replicas.map(async (replica) => ({ replica, ...(await this.#state(replica, signal)) })),
    )
    // Unknown lag comes after every known one, and what is down last: it is still tried when nothing else is left.
    const rank = ({ up, lagMilliseconds }: Known): number =>
      up ? (lagMilliseconds ?? Number.MAX_SAFE_INTEGER) : Infinity
    return known
      .sort((left, right) => (rank(left) < rank(right) ? -1 : rank(left) > rank(right) ? 1 : 0))
      .map(({ replica }) => replica)
  }

  async #state(replica: Replica, signal: AbortSignal): Promise<Known> {
    const earlier = this.#known.get(replica)
    if (earlier !== undefined && this.#clock() - earlier.at < this.#stateMilliseconds) return earlier
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#stateTimeoutMilliseconds)])
    const state = await replica.state(limit).catch(() => null)
    const known: Known = { at: this.#clock(), up: state !== null, lagMilliseconds: state?.lagMilliseconds ?? null }
    // Nothing is learnt about a replica from a caller who went away.
    if (!signal.aborted) this.#known.set(replica, known)
    return known
  }
}
