import { ServiceError } from '../../../core/errors.ts'

export interface WatchOptions {
  readonly idleMilliseconds: number
  readonly maximumBytes: number
  /** Called at most once, with the reason to give the response up. */
  readonly onFault: (fault: ServiceError) => void
}

/**
 * The same response with a watched body: silence longer than `idleMilliseconds`, or more than `maximumBytes`, is a
 * fault. Counts bytes, not events, so that keep-alive comments count as life.
 */
export function watchBody(response: Response, options: WatchOptions): { response: Response; stop: () => void } {
  let bytes = 0
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => clearTimeout(timer)
  const arm = (): void => {
    stop()
    timer = setTimeout(() => {
      const seconds = options.idleMilliseconds / 1000
      options.onFault(new ServiceError('model-timeout', `The model sent nothing for ${seconds} s`))
    }, options.idleMilliseconds)
  }
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    start: arm,
    transform(chunk, controller) {
      arm()
      bytes += chunk.byteLength
      if (bytes > options.maximumBytes) {
        stop()
        options.onFault(
          new ServiceError('model-protocol', `The model sent more than ${options.maximumBytes} bytes in one turn`),
        )
        return
      }
      controller.enqueue(chunk)
    },
    flush: stop,
  })
  const body = (response.body ?? new Blob([]).stream()).pipeThrough(watch)
  return { response: new Response(body, { status: response.status, headers: response.headers }), stop }
}
