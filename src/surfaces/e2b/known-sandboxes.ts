import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Principal } from '../../core/principal.ts'
import type { Secret } from '../../core/secret.ts'
import { CodeContexts } from './code-contexts.ts'
import { Processes } from './processes.ts'

/** What is kept of a sandbox beside its session. */
export interface KnownSandbox {
  /** Of its session. */
  readonly id: string
  readonly principal: Principal
  /** With which its caller opened it or connected last: every request is decided on by this one anew, so that a revoked key does nothing. */
  credential: Secret | null
  /** What a call about its content shows, in the place of a key. */
  readonly token: string
  readonly template: string
  readonly metadata: Readonly<Record<string, string>>
  readonly startedAt: Date
  readonly longestRunMilliseconds: number
  readonly contexts: CodeContexts
  readonly processes: Processes
  /** Folders that were made and may hold nothing. */
  readonly folders: Set<string>
}

export interface SignedPath {
  /** As it stands in the link. */
  readonly path: string
  readonly operation: 'read' | 'write'
  readonly user: string
  /** Seconds since 1970; null for a link without an end. */
  readonly expires: number | null
  readonly signature: string
}

function isSame(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** The signature that the clients make of a link to a file (`getSignature` of e2b 2.51, `get_signature` in Python). */
export function signatureOf({ path, operation, user, expires }: Omit<SignedPath, 'signature'>, token: string): string {
  const end = expires === null ? [] : [expires]
  const digest = createHash('sha256')
    .update([path, operation, user, token, ...end].join(':'))
    .digest('base64')
  return `v1_${digest.replace(/=+$/, '')}`
}

/** Sandboxes that were opened by this protocol. In memory, as their sessions are: none outlives the process. */
export class KnownSandboxes {
  readonly #known = new Map<string, KnownSandbox>()

  add(
    facts: Pick<
      KnownSandbox,
      'id' | 'principal' | 'credential' | 'template' | 'metadata' | 'startedAt' | 'longestRunMilliseconds'
    >,
  ): KnownSandbox {
    const sandbox: KnownSandbox = {
      ...facts,
      token: randomBytes(32).toString('hex'),
      contexts: new CodeContexts(facts.id),
      processes: new Processes(),
      folders: new Set(),
    }
    this.#known.set(sandbox.id, sandbox)
    return sandbox
  }

  /** The one of that id, where it is the caller's; null else. */
  ofCaller(principal: Principal, id: string): KnownSandbox | null {
    const sandbox = this.#known.get(id)
    return sandbox?.principal.id === principal.id ? sandbox : null
  }

  /** All that a caller has, oldest first. */
  allOf(principal: Principal): readonly KnownSandbox[] {
    return [...this.#known.values()].filter((sandbox) => sandbox.principal.id === principal.id)
  }

  /** The one of that id to whoever shows its token; null for a wrong token as for an id that never was. */
  byToken(id: string, token: string): KnownSandbox | null {
    const sandbox = this.#known.get(id)
    // Compared also where there is none: how long it takes tells nothing.
    const isRight = isSame(token, sandbox?.token ?? '0'.repeat(64))
    return sandbox !== undefined && isRight ? sandbox : null
  }

  /** The one that a link to a file is signed for: the link names no sandbox. Null for a link that is forged or too old. */
  bySignature(link: SignedPath, now: number): KnownSandbox | null {
    if (link.expires !== null && !(link.expires * 1_000 > now)) return null
    let found: KnownSandbox | null = null
    for (const sandbox of this.#known.values())
      if (isSame(link.signature, signatureOf(link, sandbox.token))) found = sandbox
    return found
  }

  /** Forgets those whose session is over. */
  keepOnly(isOpen: (sandbox: KnownSandbox) => boolean): void {
    for (const sandbox of this.#known.values()) if (!isOpen(sandbox)) this.forget(sandbox.id)
  }

  forget(id: string): void {
    this.#known.delete(id)
  }
}
