/** How far the clock of a server may go ahead of one's own between two looks before it is no measure of silence, as a part of a lease. */
const share = 1 / 4

/**
 * Looks whether the clock of the storage goes on as one's own does. After a failover to a server whose clock is ahead everybody is silent by it, whoever
 * speaks first would take all others for dead.
 */
export class ServerClock {
  readonly #leaseMilliseconds: number
  readonly #elapsed: () => number
  #last: { readonly server: number; readonly own: number } | null = null
  #jumped = -Infinity

  /** `elapsed`: milliseconds since any fixed moment. */
  constructor(leaseMilliseconds: number, elapsed: () => number) {
    this.#leaseMilliseconds = leaseMilliseconds
    this.#elapsed = elapsed
  }

  /** Notes what the server's clock said just now, milliseconds since 1970, and gives it back. */
  note(server: number): number {
    const own = this.#elapsed()
    const ahead = this.#last === null ? 0 : server - this.#last.server - (own - this.#last.own)
    if (ahead > this.#leaseMilliseconds * share) this.#jumped = own
    this.#last = { server, own }
    return server
  }

  /** Has it gone on without a jump for a lease, within which everybody who lives speaks by it? */
  get isSteady(): boolean {
    return this.#elapsed() - this.#jumped > this.#leaseMilliseconds
  }
}
