import type { Principal } from '../../core/principal.ts'
import { ServiceError } from '../../core/errors.ts'
import type { RequestKeyPlace, RequestKeys } from '../../core/request-keys.ts'
import { bytesOf } from '../../core/sizes.ts'
import type { HttpOptions } from '../../http/options.ts'
import { KeptAnswers, type FirstRequest, type Repeated } from './kept-answers.ts'

/** What requests with an Idempotency-Key were answered, in this process, and what is known of those at others. */
export interface RepeatedRequests {
  /**
   * As `KeptAnswers.begin`. Where several processes serve from one storage, rejects with `wrong-replica` for what another one has answered, `request-in-flight` for
   * what it is answering, `conflict` where it is gone with its answer, and as the storage does.
   */
  begin(caller: Principal['id'], key: string, request: string): Repeated | Promise<Repeated>
}

/** `keys` are null where one process serves. */
export function createRepeatedRequests(
  {
    keep_ms: keepMilliseconds,
    maximum_per_caller: maximumPerCaller,
    maximum_mb: megabytes,
  }: HttpOptions['idempotency'],
  keys: RequestKeys | null,
): RepeatedRequests {
  const kept = new KeptAnswers({ keepMilliseconds, maximumPerCaller, maximumBytes: bytesOf.mb(megabytes) })
  if (keys === null) return kept
  return {
    async begin(principal, key, request) {
      const begun = kept.begin(principal, key, request)
      if (begun.kind === 'kept') return begun
      const { first } = begun
      const named = { principal, key }
      try {
        const place = await keys.take(named)
        if (place !== null) throw faultOf(place)
      } catch (thrown) {
        await first.release()
        throw thrown
      }
      return { kind: 'first', first: told(first, { keys, named, keepMilliseconds }) }
    },
  }
}

interface Told {
  readonly keys: RequestKeys
  readonly named: Parameters<RequestKeys['take']>[0]
  readonly keepMilliseconds: number
}

/** What becomes of the first request is told to other processes as well. */
function told(first: FirstRequest, { keys, named, keepMilliseconds }: Told): FirstRequest {
  // What fails here ends with the lease of this process.
  const over = (): void => void keys.end(named, keepMilliseconds).catch(() => undefined)
  return {
    keep(answer) {
      first.keep(answer)
      over()
    },
    cut() {
      first.cut()
      over()
    },
    async release() {
      await first.release()
      await keys.release(named).catch(() => undefined)
    },
  }
}

function faultOf({ replica, state }: RequestKeyPlace): ServiceError {
  if (state === 'running') {
    return new ServiceError(
      'request-in-flight',
      `The first request with this Idempotency-Key is being answered by the replica "${replica}".`,
      { headers: ['x-sallyport-replica', replica] },
    )
  }
  if (state === 'answered') {
    return new ServiceError(
      'wrong-replica',
      `The first request with this Idempotency-Key was answered by the replica "${replica}", which has the answer.`,
      { parameter: 'Idempotency-Key', headers: ['x-sallyport-replica', replica] },
    )
  }
  return new ServiceError(
    'conflict',
    `The first request with this Idempotency-Key was at the replica "${replica}", which has ended or said nothing for too long; what it did by then is not undone.`,
    { parameter: 'Idempotency-Key', advice: 'Look at what it did; to do it again, send it with another key.' },
  )
}
