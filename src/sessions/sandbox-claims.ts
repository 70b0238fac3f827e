/** So many sandboxes may be claimed at once. */
export interface ClaimBounds {
  readonly perTenant: number
  readonly all: number
}

interface Claimed {
  readonly tenant: string
  /** Null while it is waited for. */
  readonly sandbox: { readonly alive: boolean } | null
}

interface Claimer {
  readonly id: string
  readonly tenant: string
}

/** Which sessions have a sandbox, or wait for one. */
export class SandboxClaims {
  readonly #bounds: ClaimBounds
  readonly #claimed = new Map<string, Claimed>()

  constructor(bounds: ClaimBounds) {
    this.#bounds = bounds
  }

  /** Claims one for a session. Rejects as the claim does. */
  async take<Sandbox extends { readonly alive: boolean }>(
    { id, tenant }: Claimer,
    claim: () => Promise<Sandbox>,
  ): Promise<Sandbox> {
    this.#claimed.set(id, { tenant, sandbox: null })
    try {
      const sandbox = await claim()
      this.#claimed.set(id, { tenant, sandbox })
      return sandbox
    } catch (thrown) {
      this.#claimed.delete(id)
      throw thrown
    }
  }

  /** Would this session wait for one that others have? Then those of its own tenant that have one, else none. */
  inTheWayOf({ id, tenant }: Claimer): ReadonlySet<string> {
    const others = [...this.#claimed].filter(
      ([other, { sandbox }]) => other !== id && (sandbox === null || sandbox.alive),
    )
    const own = others.filter(([, claimed]) => claimed.tenant === tenant)
    const waits = own.length >= this.#bounds.perTenant || others.length >= this.#bounds.all
    return new Set(waits ? own.map(([other]) => other) : [])
  }

  /** The session is over. */
  end(id: string): void {
    this.#claimed.delete(id)
  }
}
