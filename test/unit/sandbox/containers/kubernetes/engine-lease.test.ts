import { describe, expect, it } from 'vitest'
import type { ClusterClient } from '../../../../../src/sandbox/containers/kubernetes/cluster-client.ts'
import { EngineLease, LeaseObserver } from '../../../../../src/sandbox/containers/kubernetes/engine-lease.ts'

describe('the lease of a driver', () => {
  it('is one for all who come together, and does not end with the first of them', async () => {
    const asked: AbortSignal[] = []
    const answer = Promise.withResolvers<unknown>()
    const client = {
      call: (_call: unknown, signal: AbortSignal) => {
        asked.push(signal)
        return answer.promise
      },
    } as unknown as ClusterClient
    await using lease = new EngineLease({ client, namespace: 'n', ownPod: null, onFault: () => {} })
    const first = new AbortController()
    const gone = lease.held(first.signal)
    const other = lease.held(new AbortController().signal)
    first.abort(new Error('its claim went away'))
    await expect(gone).rejects.toThrow('its claim went away')
    expect(asked.map(({ aborted }) => aborted)).toEqual([false])
    answer.resolve({ metadata: { name: 'made', uid: 'u', resourceVersion: '1' } })
    expect(await other).toEqual({ name: 'made', uid: 'u' })
  })
})

describe('who looks at leases', () => {
  let now = 0
  const lease = (name: string, resourceVersion: string) => ({
    metadata: { name, uid: name, resourceVersion },
    spec: { leaseDurationSeconds: 40 },
  })
  const look = (steadySince = 0) => ({ asked: now, steadySince })
  const observer = () => {
    now = 1000
    return new LeaseObserver(() => now)
  }

  it('condemns nobody at the first look, however old a lease may be', () => {
    expect(observer().observe([lease('a', '1')], look())).toEqual(new Map([['a', true]]))
  })

  it('takes one for dead that did not change for its duration on the clock of who looks, and no other', () => {
    const eyes = observer()
    eyes.observe([lease('a', '1'), lease('b', '1')], look())
    now += 30_000
    eyes.observe([lease('a', '1'), lease('b', '2')], look())
    now += 10_001
    const kept = eyes.observe([lease('a', '1'), lease('b', '2')], look())
    expect([...kept]).toEqual([
      ['a', false],
      ['b', true],
    ])
  })

  it('takes one that is renewed late for living again', () => {
    const eyes = observer()
    eyes.observe([lease('a', '1')], look())
    now += 60_000
    expect(eyes.observe([lease('a', '1')], look()).get('a')).toBe(false)
    expect(eyes.observe([lease('a', '2')], look()).get('a')).toBe(true)
  })

  it('calls nobody silent after an outage in which it could not be heard itself, until a lease is over again', () => {
    const eyes = observer()
    eyes.observe([lease('a', '1')], look())
    now += 60_000
    const steady = now
    expect(eyes.observe([lease('a', '1')], look(steady)).get('a')).toBe(true)
    now += 40_000
    expect(eyes.observe([lease('a', '1')], look(steady)).get('a')).toBe(true)
    now += 1
    expect(eyes.observe([lease('a', '1')], look(steady)).get('a')).toBe(false)
  })

  it('takes the time that an answer took for no silence', () => {
    const eyes = observer()
    eyes.observe([lease('a', '1')], look())
    const asked = now
    now += 60_000
    expect(eyes.observe([lease('a', '1')], { asked, steadySince: 0 }).get('a')).toBe(true)
  })

  it('forgets what is gone: a name that comes again begins anew', () => {
    const eyes = observer()
    eyes.observe([lease('a', '1')], look())
    now += 60_000
    expect(eyes.observe([], look())).toEqual(new Map())
    expect(eyes.observe([lease('a', '1')], look()).get('a')).toBe(true)
  })
})
