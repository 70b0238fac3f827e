import { EventEmitter } from 'node:events'
import { Dispatcher } from 'undici'

interface AbortableHandler extends Dispatcher.DispatchHandler {
  /** The controller is null where the request was not even taken. */
  onResponseError(controller: Dispatcher.DispatchController | null, error: Error): void
}

/**
 * Sends requests for handlers of our own, with what undici's own functions have alone: a signal that takes a request out of
 * its queues, as long as there is no connection for it, and with it the attempt to connect that nobody else waits for.
 * `dispatch`, which has none, would keep the body of a call whose caller has gone until the connection is made or given up.
 * So a request goes in by the function that takes a signal, and its handler is put in the place of that function's on the way.
 */
export class AbortableDispatch extends Dispatcher {
  readonly #inner: Pick<Dispatcher, 'dispatch'>

  constructor(inner: Pick<Dispatcher, 'dispatch'>) {
    super()
    this.#inner = inner
  }

  /** Gives what takes the request out again; it does nothing once the request has begun. */
  send(request: Dispatcher.DispatchOptions, handler: AbortableHandler): () => void {
    const leaving = new EventEmitter()
    const options = { ...request, signal: leaving, opaque: handler }
    this.stream(options, nothingToWriteTo, (error) => {
      if (error !== null) handler.onResponseError(null, error)
    })
    return () => void leaving.emit('abort')
  }

  override dispatch(options: Dispatcher.DispatchOptions & { readonly opaque?: unknown }): boolean {
    return this.#inner.dispatch(options, options.opaque as Dispatcher.DispatchHandler)
  }
}

/** The handler that would ask for it is never told of anything. */
function nothingToWriteTo(): never {
  throw new Error('An answer went to nobody.')
}
