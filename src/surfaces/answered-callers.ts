import type { ErrorCode } from '../core/error-table.ts'
import type { Principal } from '../core/principal.ts'
import type { CallerHead } from '../http/caller-address.ts'

/** Tells of whom a fault is that a request was answered with. */
export class AnsweredCallers {
  readonly #onFault: (principal: Principal, code: ErrorCode) => void
  readonly #requests = new Map<string, CallerHead>()
  readonly #known = new WeakMap<CallerHead, Principal>()

  constructor(onFault: (principal: Principal, code: ErrorCode) => void) {
    this.#onFault = onFault
  }

  begin(requestId: string, request: CallerHead): void {
    this.#requests.set(requestId, request)
  }

  /** The caller of a request is known by a valid credential. */
  known(request: CallerHead, principal: Principal): void {
    this.#known.set(request, principal)
  }

  /** A request was answered with a fault, in its status or within a stream; of a caller who is not known it is nobody's. */
  faulted(requestId: string, code: ErrorCode): void {
    const request = this.#requests.get(requestId)
    const principal = request === undefined ? undefined : this.#known.get(request)
    if (principal !== undefined) this.#onFault(principal, code)
  }

  end(requestId: string): void {
    this.#requests.delete(requestId)
  }
}
