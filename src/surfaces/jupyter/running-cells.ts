import { ServiceError } from '../../core/errors.ts'

/** What runs in which kernel, so that somebody else of its caller can interrupt it. */
export class RunningCells {
  readonly #running = new Map<string, Set<AbortController>>()

  /** Aborted by whoever interrupts the kernel; disposing says that the cell is over. */
  begin(session: string): { readonly signal: AbortSignal } & Disposable {
    const controller = new AbortController()
    const cells = this.#running.get(session) ?? new Set()
    this.#running.set(session, cells.add(controller))
    return {
      signal: controller.signal,
      [Symbol.dispose]: () => {
        cells.delete(controller)
        if (cells.size === 0 && this.#running.get(session) === cells) this.#running.delete(session)
      },
    }
  }

  interrupt(session: string): void {
    const reason = new ServiceError('cancelled', 'The kernel was interrupted.')
    for (const controller of this.#running.get(session) ?? []) controller.abort(reason)
  }
}
