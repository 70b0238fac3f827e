import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FairCache, type CacheOwner } from '../../../src/surfaces/fair-cache.ts'

const [ada, ben, cy] = [{ id: 'key_ada' }, { id: 'key_ben' }, { id: 'key_cy' }]

function shelf(maximumBytes: number, clock = { now: 0 }) {
  const made = new FairCache<{ content: Buffer }>({ timeToLiveMilliseconds: 100, maximumBytes, now: () => clock.now })
  const put = (owner: CacheOwner, bytes: number) => made.put(owner, { content: Buffer.alloc(bytes) })?.id ?? 'none'
  const isThere = (id: string) => made.get(id) !== null
  return { made, put, isThere }
}

describe('the room of a shelf', () => {
  it('is made by the oldest things of whoever has the most', () => {
    const { put, isThere } = shelf(10)
    const [first, second, other] = [put(ada, 3), put(ada, 4), put(ben, 2)]
    const third = put(cy, 2)
    expect([first, second, other, third].map(isThere)).toEqual([false, true, true, true])
  })

  it("is that of the one who floods it: a thousand things of one key end nobody else's", () => {
    const { put, isThere } = shelf(1_000)
    const others = [put(ben, 200), put(cy, 250), put(ben, 30)]
    const flood = Array.from({ length: 1_000 }, () => put(ada, 50))
    expect(others.map(isThere)).toEqual([true, true, true])
    expect(flood.filter(isThere)).toEqual(flood.slice(-10))
  })

  it("is nobody else's for as many persons as one key names", () => {
    const { put, isThere } = shelf(1_000)
    const other = put(ben, 300)
    for (let at = 0; at < 500; at += 1) put({ ...ada, endUser: `person-${at}` }, 20)
    expect(isThere(other)).toBe(true)
  })

  it('is shared in one key by its persons in the same way', () => {
    const { put, isThere } = shelf(100)
    const quiet = put({ ...ada, endUser: 'quiet' }, 30)
    for (let at = 0; at < 50; at += 1) put({ ...ada, endUser: 'loud' }, 20)
    expect(isThere(quiet)).toBe(true)
  })

  it("counts what is put: the one who would have the most then gives way first, and others' only where theirs do not do", () => {
    const { put, isThere } = shelf(10)
    const [mine, other] = [put(ada, 4), put(ben, 5)]
    const larger = put(ada, 5)
    expect([mine, other, larger].map(isThere)).toEqual([false, true, true])
    const huge = put(ada, 9)
    expect([other, larger, huge].map(isThere)).toEqual([false, false, true])
  })

  it('is never more than was said, and whoever has no more than an equal share keeps all of it', () => {
    const puts = fc.array(fc.record({ owner: fc.constantFrom(ada, ben, cy), bytes: fc.integer({ min: 0, max: 20 }) }), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(puts, (all) => {
        const { put, isThere } = shelf(60)
        const kept = all.map(({ owner, bytes }) => ({ owner, bytes, id: put(owner, bytes) }))
        const total = (of: typeof kept) => of.reduce((sum, { bytes }) => sum + bytes, 0)
        expect(total(kept.filter(({ id }) => isThere(id)))).toBeLessThanOrEqual(60)
        for (const owner of [ada, ben, cy]) {
          const own = kept.filter((each) => each.owner === owner)
          // A thing takes up to 20: whoever would never have more than that with one of them is below an equal share of 60.
          if (total(own) <= 20) expect(own.every(({ id }) => isThere(id))).toBe(true)
        }
      }),
    )
  })
})

describe('a thing on a shelf', () => {
  it('is listed for the person whose it is, and for nobody else', () => {
    const { made, put } = shelf(100)
    const id = put({ ...ada, endUser: 'one' }, 1)
    const idsOf = (owner: CacheOwner) => made.of(owner).map((each) => each.id)
    expect(idsOf({ ...ada, endUser: 'one' })).toEqual([id])
    expect([idsOf(ada), idsOf({ ...ada, endUser: 'two' }), idsOf(ben)]).toEqual([[], [], []])
  })

  it('is gone when its time is over, also where nothing is put behind it', () => {
    const clock = { now: 0 }
    const { made, put } = shelf(100, clock)
    const id = put(ada, 1)
    clock.now = 99
    expect(made.get(id)).not.toBeNull()
    clock.now = 100
    expect([made.get(id), made.of(ada)]).toEqual([null, []])
  })

  it('takes no room once its time is over', () => {
    const clock = { now: 0 }
    const { put, isThere } = shelf(10, clock)
    put(ada, 5)
    clock.now = 50
    const young = put(ben, 5)
    clock.now = 100
    const next = put(cy, 5)
    expect([young, next].map(isThere)).toEqual([true, true])
  })
})
