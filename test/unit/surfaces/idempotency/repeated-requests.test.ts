import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../../../src/core/error-codes.ts'
import { errorTable } from '../../../../src/core/error-table.ts'
import type { RequestKeyPlace, RequestKeys } from '../../../../src/core/request-keys.ts'
import { nothingDone } from '../../../../src/surfaces/idempotency/idempotent.ts'
import {
  createRepeatedRequests,
  type RepeatedRequests,
} from '../../../../src/surfaces/idempotency/repeated-requests.ts'
import { verifies } from '../../../support/verifies.ts'

const options = { keep_ms: 1_000, maximum_per_caller: 2, maximum_mb: 1 }
const answer = { status: 200, headers: {}, body: Buffer.from('done') }

/** What the storage knows, as each replica sees it. */
class SharedKeys {
  readonly places = new Map<string, RequestKeyPlace>()

  of(replica: string): RequestKeys {
    return {
      take: async ({ key }) => {
        const place = this.places.get(key)
        if (place !== undefined && place.replica !== replica) return place
        this.places.set(key, { replica, state: 'running' })
        return null
      },
      end: async ({ key }) => void this.places.set(key, { replica, state: 'answered' }),
      release: async ({ key }) => void this.places.delete(key),
    }
  }
}

function replicas() {
  const keys = new SharedKeys()
  const [one, other] = ['one', 'other'].map((name) => createRepeatedRequests(options, keys.of(name)))
  if (one === undefined || other === undefined) throw new Error('there are two')
  return { keys, one, other }
}

async function first(requests: RepeatedRequests) {
  const begun = await requests.begin('anna', 'k', 'request')
  if (begun.kind === 'kept') throw new Error('it was known')
  return begun.first
}

describe('requests with an Idempotency-Key, at two replicas', () => {
  it('are done at one of them: the other says to wait while they run, and which one has the answer', async () => {
    verifies('execute.once-anywhere')
    const { one, other } = replicas()
    const begun = await first(one)
    await expect(other.begin('anna', 'k', 'request')).rejects.toMatchObject({
      code: 'request-in-flight',
      headers: ['x-sallyport-replica', 'one'],
    })
    begun.keep(answer)
    await expect(other.begin('anna', 'k', 'request')).rejects.toMatchObject({
      code: 'wrong-replica',
      headers: ['x-sallyport-replica', 'one'],
    })
    expect(await one.begin('anna', 'k', 'request')).toEqual({ kind: 'kept', answer })
  })

  it('may be tried again anywhere where nothing was done', async () => {
    const { one, other } = replicas()
    await (await first(one)).release()
    expect((await other.begin('anna', 'k', 'request')).kind).toBe('first')
  })

  it('are refused where the replica is gone with its answer, and that takes no room of the caller', async () => {
    verifies('execute.once-anywhere')
    const { keys, other } = replicas()
    keys.places.set('k', { replica: 'one', state: 'lost' })
    for (let count = 0; count < 3; count += 1) {
      await expect(other.begin('anna', 'k', 'request')).rejects.toMatchObject({ code: 'conflict' })
    }
  })

  it('take another replica’s refusal for nothing done, as every code that says so, and keep what may have done something', () => {
    const kept = errorCodes.filter((code) => !nothingDone.has(errorTable[code].status)).toSorted()
    // Each of these comes of the request itself, which would be refused again, or when something may have run.
    expect(kept).toEqual([
      'cancelled',
      'conflict',
      'content-blocked',
      'deadline-exceeded',
      'endpoint-protocol',
      'endpoint-timeout',
      'endpoint-unavailable',
      'internal',
      'invalid-config',
      'invalid-file',
      'invalid-request',
      'method-not-allowed',
      'model-protocol',
      'model-refused',
      'model-rejected',
      'model-timeout',
      'model-unavailable',
      'query-failed',
      'refused',
      'sandbox-lost',
    ])
    expect(nothingDone.has(errorTable['wrong-replica'].status)).toBe(true)
  })

  it('are not begun where the storage cannot say, and may be tried again then', async () => {
    const keys = new SharedKeys().of('one')
    let isAway = true
    const take: RequestKeys['take'] = (named) => (isAway ? Promise.reject(new Error('away')) : keys.take(named))
    const requests = createRepeatedRequests(options, { ...keys, take })
    await expect(requests.begin('anna', 'k', 'request')).rejects.toThrow('away')
    isAway = false
    expect((await requests.begin('anna', 'k', 'request')).kind).toBe('first')
  })
})
