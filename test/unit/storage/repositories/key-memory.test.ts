import { describe, expect, it } from 'vitest'
import { believedMilliseconds, KeyMemory } from '../../../../src/storage/repositories/key-memory.ts'

describe('the memory of keys', () => {
  it('answers from a storage that takes longer to ask than its answer is believed, asked once for each', async () => {
    const world = { now: 0, asked: 0 }
    const memory = new KeyMemory<string>({
      revision: async () => {
        world.asked += 1
        world.now += 2 * believedMilliseconds
        return '1'
      },
      load: async () => {
        world.asked += 1
        world.now += 2 * believedMilliseconds
        return { revision: '1', keys: new Map([['digest', 'key']]) }
      },
      mark: null,
      elapsed: () => world.now,
    })
    expect(await memory.find('digest')).toBe('key')
    expect(await memory.find('other')).toBeNull()
    expect(world.asked).toBe(2)
  })
})
