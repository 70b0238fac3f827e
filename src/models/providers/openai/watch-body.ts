import { ServiceError } from '../../../core/errors.ts'

export interface WatchOptions {
  readonly idleMilliseconds: number
  readonly maximumBytes: number
  /** Called at most once, with the reason to give the response up. */
  readonly onFault: (fault: ServiceError) => void
}

/**
 * The same response with a watched body: more than `maximumBytes` is a fault, and so is silence longer than
 * `idleMilliseconds` while somebody waits for more. Bytes are taken from the endpoint only when they are asked for, so a
 * slow reader slows the endpoint down, and the time a reader takes is not held against the endpoint. Counts bytes, not
 * events, so that keep-alive comments count as life.
 */
export function watchBody(response: Response, options: WatchOptions): { response: Response; stop: () => void } {
  let bytes = 0
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => clearTimeout(timer)
  const reader = (response.body ?? new Blob([]).stream()).getReader()
  const silent = (): void => {
    const seconds = options.idleMilliseconds / 1000
    options.onFault(new ServiceError('model-timeout', `The model sent nothing for ${seconds} s`))
  }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        timer = setTimeout(silent, options.idleMilliseconds)
        const { value } = await reader.read().finally(stop)
        if (value === undefined) return controller.close()
        bytes += value.byteLength
        if (bytes <= options.maximumBytes) return controller.enqueue(value)
        const message = `The model sent more than ${options.maximumBytes} bytes in one turn`
        const fault = new ServiceError('model-protocol', message)
        options.onFault(fault)
        controller.error(fault)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  return { response: new Response(body, { status: response.status, headers: response.headers }), stop }
}
