import { describe, expect, it } from 'vitest'
import { KeySet } from '../../../../../src/gateway/authenticate/tokens/key-set.ts'
import { makeKey } from '../../../../support/identity/test-issuer.ts'

const keys = { one: makeKey('ES256', 'one').jwk, other: makeKey('ES256', 'other').jwk }
const setOf = (...names: (keyof typeof keys)[]): string => JSON.stringify({ keys: names.map((name) => keys[name]) })

const start = 5_000_000

/** Keys that are old after 100, may be looked for each 10, and are stale after 1000 milliseconds. */
function keySet() {
  const world = { elapsed: start, text: setOf('one') as string | Error, reads: 0, faults: [] as string[] }
  let gate: Promise<void> | null = null
  const set = new KeySet({
    read: async () => {
      world.reads += 1
      await gate
      if (world.text instanceof Error) throw world.text
      return world.text
    },
    refreshMilliseconds: 100,
    cooldownMilliseconds: 10,
    staleMilliseconds: 1_000,
    onFault: (error) => world.faults.push((error as Error).message),
    elapsed: () => world.elapsed,
  })
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    gate = promise
    return () => {
      gate = null
      resolve()
    }
  }
  return { world, set, hold, settled: () => new Promise(setImmediate) }
}

describe('the keys of an issuer', () => {
  it('are none before the first look, which is waited for and is one however many wait', async () => {
    const { world, set } = keySet()
    expect(set.state).toBe('fresh')
    const [one, other] = await Promise.all([set.first(), set.first()])
    expect([one !== null, one === other, world.reads]).toEqual([true, true, 1])
    expect(await set.first()).toBe(one)
    expect([set.current(), world.reads, set.state]).toEqual([one, 1, 'fresh'])
  })

  it('are looked for again when they are old and not before, and nobody waits for that', async () => {
    const { world, set, settled } = keySet()
    const known = await set.first()
    world.elapsed = start + 99
    expect([set.current(), world.reads]).toEqual([known, 1])
    world.elapsed = start + 100
    world.text = setOf('other')
    expect([set.current(), world.reads]).toEqual([known, 2])
    await settled()
    const newer = set.current()
    expect([newer === known, newer === null, world.reads]).toEqual([false, false, 2])
  })

  it('are the same where the text is', async () => {
    const { world, set, settled } = keySet()
    const known = await set.first()
    world.elapsed = start + 100
    set.current()
    await settled()
    expect([set.current(), world.reads]).toEqual([known, 2])
  })

  it('are known as long as they are not stale, counted from the beginning of the look', async () => {
    const { world, set, hold, settled } = keySet()
    const open = hold()
    const first = set.first()
    world.elapsed = start + 50
    open()
    const known = await first
    world.text = new Error('down')
    world.elapsed = start + 999
    expect(set.current()).toBe(known)
    await settled()
    expect([set.state, world.faults]).toEqual(['stale', ['down']])
    world.elapsed = start + 1_000
    expect([set.current(), set.state]).toEqual([null, 'none'])
    await settled()
    expect(await set.first()).toBeNull()
    world.text = setOf('one')
    world.elapsed = start + 1_010
    expect(await set.first()).toBe(known)
    expect(set.state).toBe('fresh')
  })

  it('are looked for no more often than the cool-down lets it', async () => {
    const { world, set } = keySet()
    world.text = new Error('down')
    expect([await set.first(), world.reads]).toEqual([null, 1])
    world.elapsed = start + 9
    expect([await set.first(), world.reads]).toEqual([null, 1])
    world.elapsed = start + 10
    expect([await set.first(), world.reads]).toEqual([null, 2])
  })

  it('are others than those in which a key was not found, or none', async () => {
    const { world, set } = keySet()
    const known = (await set.first()) ?? expect.unreachable()
    expect([await set.after(known), world.reads]).toEqual([null, 1])
    world.elapsed = start + 10
    expect([await set.after(known), world.reads]).toEqual([null, 2])
    world.elapsed = start + 20
    world.text = setOf('one', 'other')
    const newer = await set.after(known)
    expect([newer === null, newer === known, world.reads]).toEqual([false, false, 3])
    world.elapsed = start + 40
    expect([await set.after(known), world.reads]).toEqual([newer, 3])
  })

  it('that cannot be read leave those that are known', async () => {
    const { world, set, settled } = keySet()
    const known = await set.first()
    world.elapsed = start + 100
    world.text = '{"keys":[]}'
    expect(set.current()).toBe(known)
    await settled()
    expect([set.current(), set.state]).toEqual([known, 'stale'])
    expect(world.faults).toEqual(['it has no key that can check a signature'])
  })
})
