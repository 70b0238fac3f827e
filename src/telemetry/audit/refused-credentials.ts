import { laterUnnoticed, type Later } from '../../concurrency/later.ts'
import type { AuditFact } from './entry.ts'

/** How long they are gathered before a line says how many there were, in milliseconds. */
export const gatheringMilliseconds = 60_000

/** More addresses than these are not told apart: the number says so by being this one. */
const mostAddresses = 10_000

interface Parts {
  readonly note: (fact: AuditFact) => void
  /** A clock of the test's own there. */
  readonly later?: Later
}

/**
 * Requests whose credential was nobody's, for the audit trail: a line a minute with how many there were, and from how many
 * addresses. A line for each would let whoever has no credential fill the disk.
 */
export class RefusedCredentials implements Disposable {
  readonly #parts: Parts
  readonly #addresses = new Set<string>()
  #count = 0
  #waiting: { readonly stop: () => void } | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  refused(address: string): void {
    this.#count += 1
    if (this.#addresses.size < mostAddresses) this.#addresses.add(address)
    this.#waiting ??= (this.#parts.later ?? laterUnnoticed)(() => this.#tell(), gatheringMilliseconds)
  }

  /** Tells of those that are left. */
  [Symbol.dispose](): void {
    this.#waiting?.stop()
    this.#tell()
  }

  #tell(): void {
    this.#waiting = null
    if (this.#count === 0) return
    const counted = { count: this.#count, addresses: this.#addresses.size }
    this.#count = 0
    this.#addresses.clear()
    this.#parts.note({ event: 'credentials-refused', requestId: '', ...counted })
  }
}
