import { describe, expect, it } from 'vitest'
import { gatheringMilliseconds, KeyUses } from '../../../../src/storage/repositories/key-uses.ts'
import { openTemporaryStorage } from '../../../support/storage/open-temporary.ts'
import type { OpenedStorage } from '../../../../src/storage/open-storage.ts'
import { verifies } from '../../../support/verifies.ts'

async function world() {
  const storage = (await openTemporaryStorage()) as OpenedStorage
  const { db, health } = storage.database
  for (const id of ['a', 'b']) {
    await storage.keys.add({
      id,
      name: id,
      group: 'default',
      sha256: id.repeat(64),
      created: '2026-01-01T00:00:00.000Z',
    })
  }
  const state = {
    now: Date.parse('2026-01-02T03:04:05.678Z'),
    writes: 0,
    fails: false,
    timers: [] as [() => void, number][],
  }
  const writes: typeof health.writes = async (work) => {
    state.writes += 1
    if (state.fails) throw new Error('the disk is full')
    return health.writes(work)
  }
  const uses = new KeyUses({
    db,
    health: { writes } as typeof health,
    now: () => state.now,
    later: (work, milliseconds) => {
      state.timers.push([work, milliseconds])
      return { stop: () => undefined }
    },
  })
  return {
    state,
    uses,
    used: async () => (await storage.keys.list()).map(({ lastUsed }) => lastUsed),
    pass: async () => {
      state.timers.shift()?.[0]()
      // What is written is written before this is.
      await health.writes(async () => undefined)
      await new Promise(setImmediate)
    },
  }
}

describe('uses of keys', () => {
  it('are written once a minute, all of it together, however many requests there were', async () => {
    verifies('keys.last-used')
    const { state, uses, used, pass } = await world()
    for (let count = 0; count < 1_000; count += 1) uses.note(count % 2 === 0 ? 'a' : 'b')
    expect([state.writes, state.timers.map(([, milliseconds]) => milliseconds)]).toEqual([0, [gatheringMilliseconds]])
    await pass()
    expect([state.writes, await used()]).toEqual([1, ['2026-01-02T03:04:00.000Z', '2026-01-02T03:04:00.000Z']])
  })

  it('that could not be written are written with the next, and never an earlier one over a later', async () => {
    const { state, uses, used, pass } = await world()
    uses.note('a')
    state.fails = true
    await pass()
    expect(await used()).toEqual([null, null])
    state.fails = false
    uses.note('b')
    await pass()
    expect(await used()).toEqual(['2026-01-02T03:04:00.000Z', '2026-01-02T03:04:00.000Z'])
    state.now -= 3_600_000
    uses.note('a')
    await uses[Symbol.asyncDispose]()
    expect(await used()).toEqual(['2026-01-02T03:04:00.000Z', '2026-01-02T03:04:00.000Z'])
  })
})
