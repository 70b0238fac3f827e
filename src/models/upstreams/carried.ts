import { Readable } from 'node:stream'
import type { CarriedAnswer, CarriedRequest, Carry } from '../../core/carried.ts'
import { lateFault, protocolFault, silentFault } from './faults.ts'
import type { UpstreamOptions } from './options.ts'
import type { UpstreamPlace } from './words-of-upstream.ts'

export interface CarriedOptions {
  readonly carry: Carry
  readonly place: UpstreamPlace
  readonly times: Pick<UpstreamOptions, 'timeout_ms' | 'idle_timeout_ms'>
  readonly signal: AbortSignal
}

/** The answer to a call that somebody else carries, held to the times of the upstream; never a part of one. */
export async function carried(
  request: CarriedRequest,
  options: CarriedOptions,
): Promise<CarriedAnswer & { readonly body: Readable }> {
  const { carry, place, times, signal } = options
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(lateFault(place)), times.timeout_ms)
  let answer: CarriedAnswer
  try {
    answer = await carry(request, AbortSignal.any([signal, late.signal]))
  } finally {
    clearTimeout(timer)
  }
  const isPart = answer.status === 206 || answer.raw.some((name, at) => at % 2 === 0 && /^content-range$/i.test(name))
  if (isPart) throw protocolFault(place, 'with a part of what was asked for')
  const body = withoutSilence(answer.body, options)
  return { ...answer, body: Readable.from(body, { objectMode: false, highWaterMark: 0 }) }
}

async function* withoutSilence(body: AsyncIterable<Buffer>, { place, times }: CarriedOptions): AsyncGenerator<Buffer> {
  const pieces = body[Symbol.asyncIterator]()
  for (;;) {
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(silentFault(place)), times.idle_timeout_ms)
    })
    const next = await Promise.race([pieces.next(), silence]).finally(() => clearTimeout(timer))
    if (next.done === true) return
    yield next.value
  }
}
