import { ServiceError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { RoleProof } from '../database.ts'

/** The settings of a source that every adapter of a database server takes. */
export interface ServerSource {
  /** Name of the data source. */
  readonly source: string
  /** `scheme://role:password@host:port/database`. */
  readonly url: Secret
  readonly connections: number
  /** A server further behind is not asked; null asks it whatever its lag. */
  readonly maximumLagMilliseconds: number | null
  /** Accept a server that is not a replica. */
  readonly allowPrimary: boolean
  /** Serve although the role can do more than it should; `report` is called once with what that is. */
  readonly acceptExcess: boolean
  report?(proof: RoleProof): void
  /** `schema.relation` of what any policy allows on this source; null leaves other readable tables unquestioned. */
  readonly allowed?: readonly string[] | null
  /** Signatures of the functions that any policy names, which the role may run whatever rights they have. */
  readonly functions?: readonly string[]
  /** The time zone of the session; null or absent for the server's own. */
  readonly timeZone?: string | null
  /** How dates that are not ISO are read; null or absent for the server's own. */
  readonly dateOrder?: string | null
  /** A query of one value: milliseconds since the last heartbeat the replica has seen. */
  readonly heartbeat?: string | null
}

/** How a kind of server is spoken of to people. */
export interface ServerWords {
  /** `role`, `account` */
  readonly role: string
  /** The sentence for a server that is not a replica: what it is, and what to point the source at instead. */
  readonly isNoReplica: string
  readonly replica: string
}

/** What has to hold before a server runs a statement; whatever does not is `database-unavailable`, with advice. */
export class Admission {
  readonly #source: ServerSource
  readonly #words: ServerWords
  readonly #prove: (signal: AbortSignal) => Promise<RoleProof>
  #proof: Promise<RoleProof> | null = null

  constructor(source: ServerSource, words: ServerWords, prove: (signal: AbortSignal) => Promise<RoleProof>) {
    this.#source = source
    this.#words = words
    this.#prove = prove
  }

  /** The statement was vetted for this source, and the role proven to do no more than it should. */
  async statement(statement: Vetted<'sql'>, signal: AbortSignal): Promise<void> {
    const { source } = this.#source
    if (statement.source !== source) {
      throw new ServiceError('internal', `a statement vetted for "${statement.source}" was given to "${source}"`)
    }
    await this.#role(signal)
  }

  /** The server is a replica, and not too far behind. */
  state(state: { readonly inRecovery: boolean; readonly lagMilliseconds: number | null }): void {
    const { source, maximumLagMilliseconds, allowPrimary } = this.#source
    const { inRecovery, lagMilliseconds } = state
    if (!inRecovery && !allowPrimary) {
      throw new ServiceError('database-unavailable', `The server of "${source}" ${this.#words.isNoReplica}.`, {
        advice: `Point the source at ${this.#words.replica}, or set allow_primary: true knowingly.`,
      })
    }
    if (maximumLagMilliseconds === null) return
    if (lagMilliseconds === null || lagMilliseconds > maximumLagMilliseconds) {
      const lag = lagMilliseconds === null ? 'an unknown time' : `${lagMilliseconds} ms`
      const message = `The replica of "${source}" is ${lag} behind; at most ${maximumLagMilliseconds} ms are allowed.`
      throw new ServiceError('database-unavailable', message, {
        advice: 'Ask again when it has caught up, or raise maximum_lag_ms of the source.',
      })
    }
  }

  /** Proven once, by the first query. */
  async #role(signal: AbortSignal): Promise<void> {
    const { source, acceptExcess } = this.#source
    if (this.#proof === null) {
      const proving = this.#prove(signal)
      this.#proof = proving
      // What failed or was refused is proven again by the next query; the role may have been put right.
      proving.then(
        ({ excess }) => excess.length > 0 && !acceptExcess && (this.#proof = null),
        () => (this.#proof = null),
      )
      if (acceptExcess) await proving.then((proof) => proof.excess.length > 0 && this.#source.report?.(proof))
    }
    const { role, excess } = await this.#proof
    if (excess.length === 0 || acceptExcess) return
    const message = `The ${this.#words.role} "${role}" of "${source}" ${excess.join('; ')}.`
    throw new ServiceError('database-unavailable', message, {
      advice: 'Make one with "sallyport sql grant-script", or set accept_excess: true knowingly.',
    })
  }
}
