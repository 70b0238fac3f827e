import { describe, expect, it } from 'vitest'
import type { UpstreamAnswer } from '../../../../../src/core/model-call.ts'
import { createWatchTargets } from '../../../../../src/gateway/calls/routing/watch-targets.ts'
import { TargetLoads } from '../../../../../src/models/routing/target-loads.ts'
import { never } from '../../../../support/filters/filter-fixtures.ts'
import { routeTarget, routeTo } from '../../../../support/route-to.ts'

const at = (upstream: string) => routeTarget({ upstream, model: 'm', renamed: false })
const [a, b, c] = [at('a'), at('b'), at('c')]
const whole: UpstreamAnswer = { kind: 'json', status: 200, headers: [], body: Buffer.from('{}') }

function watching() {
  const clock = { now: 0 }
  const loads = new TargetLoads(() => clock.now)
  const routes = new Map([
    ['r', { ...routeTo('r', a, b), strategy: 'least-busy' } as const],
    ['s', routeTo('s', a, c)],
  ])
  return { clock, loads, watch: createWatchTargets({ routes, loads }) }
}

function events(left: string[] = []): UpstreamAnswer {
  const body = async function* () {
    yield Buffer.from('one')
    yield Buffer.from('two')
  }
  return { kind: 'events', status: 200, headers: [], body: body(), leave: () => void left.push('left') }
}

describe('a target that some route has to know of', () => {
  it('has a call under way until all of its answer was there', async () => {
    const { clock, loads, watch } = watching()
    const answer = await watch(async () => {
      expect(loads.inFlight(a)).toBe(1)
      clock.now = 30
      return events()
    })({ target: a }, never)
    if (answer.kind !== 'events') throw new TypeError('a stream is expected')
    const read: string[] = []
    for await (const piece of answer.body) {
      clock.now += 10
      expect(loads.inFlight(a)).toBe(1)
      read.push(piece.toString())
    }
    expect([read, loads.inFlight(a), loads.latency(a, true), loads.latency(a, false)]).toEqual([
      ['one', 'two'],
      0,
      30,
      50,
    ])
    await watch(async () => whole)({ target: b }, never)
    expect([loads.inFlight(b), loads.latency(b, false)]).toEqual([0, 0])
  })

  it('has none any more when it fails, when nobody reads on and when it is let go', async () => {
    const { loads, watch } = watching()
    const refused = watch(async () => Promise.reject(new Error('no')))({ target: a }, never)
    await expect(refused).rejects.toThrow('no')
    const [read, left] = [await watch(async () => events())({ target: a }, never), [] as string[]]
    if (read.kind === 'events') for await (const _piece of read.body) break
    const unread = await watch(async () => events(left))({ target: a }, never)
    expect(loads.inFlight(a)).toBe(1)
    if (unread.kind === 'events') unread.leave()
    expect([loads.inFlight(a), left, loads.latency(a, false)]).toEqual([0, ['left'], null])
  })
})

describe('every other target', () => {
  it('is sent its calls as they are', async () => {
    const { loads, watch } = watching()
    const answer = events()
    expect(await watch(async () => answer)({ target: c }, never)).toBe(answer)
    expect(loads.latency(c, true)).toBeNull()
  })
})
