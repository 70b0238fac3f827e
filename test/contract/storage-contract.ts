import { describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/storage.ts'
import { verifies } from '../support/verifies.ts'

export interface StorageUnderTest {
  /** Opens the one storage of a test as another process would; `elapsed` is its clock. */
  readonly open: (elapsed?: () => number) => Promise<Storage>
  /** Writes down a migration that this program does not have. */
  readonly makeNewer: () => Promise<void>
}

const day = '2026-01-02T03:04:05.000Z'
const keyNamed = (name: string) => ({
  id: `id-${name}`,
  name,
  group: 'default',
  sha256: `digest-${name}`,
  created: day,
})

/** What every kind of storage holds. `underTest` gives an empty one, for each test anew. */
export function storageContract(name: string, underTest: () => Promise<StorageUnderTest>): void {
  describe(`${name} as a storage`, () => {
    it('is made once, by however many open it at the same time', async () => {
      const { open } = await underTest()
      const opened = await Promise.all(Array.from({ length: 5 }, () => open()))
      await Promise.all(opened.map(({ keys }, index) => keys.add(keyNamed(`${index}`))))
      expect(await opened[0]?.keys.list()).toHaveLength(5)
      expect(await Promise.all(opened.map((storage) => storage.probe()))).toEqual(opened.map(() => 'ready'))
    })

    it('is refused where it is newer than the program, and left as it is', async () => {
      verifies('storage.newer')
      const { open, makeNewer } = await underTest()
      await (await open()).keys.add(keyNamed('kept'))
      await makeNewer()
      await expect(open()).rejects.toMatchObject({
        code: 'invalid-config',
        message: expect.stringContaining('is newer than this program: it has 9999-of-the-future.'),
      })
    })

    describe('for ids of upstreams', () => {
      it('says who made each, at which upstream, and of others that nobody did', async () => {
        const { ownedIds } = await (await underTest()).open()
        await ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: ['resp_1', 'msg_1', 'msg_1'] })
        await ownedIds.remember({ principal: 'bob', upstream: 'other', ids: ['resp_1'] })
        await ownedIds.remember({ principal: 'bob', upstream: 'openai', ids: [] })
        expect([...(await ownedIds.owners('openai', ['msg_1', 'resp_1', 'resp_2']))]).toEqual([
          ['msg_1', 'alice'],
          ['resp_1', 'alice'],
          ['resp_2', null],
        ])
        expect([...(await ownedIds.owners('other', ['resp_1', 'msg_1'])).values()]).toEqual(['bob', null])
        expect((await ownedIds.owners('openai', [])).size).toBe(0)
      })

      it('leaves what is known to its first maker', async () => {
        verifies('storage.first-maker')
        const { ownedIds } = await (await underTest()).open()
        await ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: ['resp_1'] })
        await ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: ['resp_1'] })
        await ownedIds.remember({ principal: 'mallory', upstream: 'openai', ids: ['resp_1', 'resp_2'] })
        expect([...(await ownedIds.owners('openai', ['resp_1', 'resp_2'])).values()]).toEqual(['alice', 'mallory'])
      })

      it('forgets those it is told to, at that upstream', async () => {
        const { ownedIds } = await (await underTest()).open()
        for (const upstream of ['openai', 'other']) {
          await ownedIds.remember({ principal: 'alice', upstream, ids: ['resp_1', 'resp_2'] })
        }
        await ownedIds.forget('openai', ['resp_1', 'never'])
        expect([...(await ownedIds.owners('openai', ['resp_1', 'resp_2'])).values()]).toEqual([null, 'alice'])
        expect([...(await ownedIds.owners('other', ['resp_1'])).values()]).toEqual(['alice'])
      })

      it('tells apart whatever an upstream may send as an id', async () => {
        const { ownedIds } = await (await underTest()).open()
        const odd = ['', ' ', 'a\u0000b', 'a', 'A', '\ud800', '\udfff', 'é', 'e\u0301', "'; --", '%', 'sha256:1']
        const ids = [...odd, 'x'.repeat(100_000), `${'x'.repeat(99_999)}y`]
        for (const [index, id] of ids.entries()) {
          await ownedIds.remember({ principal: `p${index}`, upstream: 'openai', ids: [id] })
        }
        const owners = await ownedIds.owners('openai', ids)
        expect(ids.map((id) => owners.get(id))).toEqual(ids.map((_, index) => `p${index}`))
      })

      it('takes thousands in one call, and many calls at once', async () => {
        const { ownedIds } = await (await underTest()).open()
        const many = Array.from({ length: 5_000 }, (_, index) => `item_${index}`)
        await ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: many })
        expect(new Set((await ownedIds.owners('openai', many)).values())).toEqual(new Set(['alice']))
        const calls = Array.from({ length: 100 }, (_, index) => `resp_${index}`)
        await Promise.all(calls.map((id) => ownedIds.remember({ principal: id, upstream: 'openai', ids: [id] })))
        expect([...(await ownedIds.owners('openai', calls)).values()]).toEqual(calls)
      })
    })

    describe('for keys', () => {
      it('counts a revocation by another process within a second, and its own at once', async () => {
        verifies('storage.revoked')
        const { open } = await underTest()
        let time = 0
        const [service, other] = [await open(() => time), await open()]
        for (const name of ['one', 'two']) await other.keys.add(keyNamed(name))
        expect(await service.keys.find('digest-one')).toMatchObject({ name: 'one' })
        await other.keys.revoke('id-one')
        time += 1_000
        expect(await service.keys.find('digest-one')).toBeNull()
        await service.keys.revoke('id-two')
        expect(await service.keys.find('digest-two')).toBeNull()
      })

      it('keeps a first one only where there never was any', async () => {
        const { open } = await underTest()
        const [one, other] = [await open(), await open()]
        const firsts = await Promise.all([one.keys.addFirst(keyNamed('a')), other.keys.addFirst(keyNamed('b'))])
        expect(firsts.toSorted()).toEqual([false, true])
        for (const { id } of await one.keys.list()) await one.keys.revoke(id)
        expect(await one.keys.addFirst(keyNamed('c'))).toBe(false)
      })

      it('replaces one by what is made of it, or changes nothing', async () => {
        const { keys } = await (await underTest()).open()
        await keys.add(keyNamed('old'))
        const next = { ...keyNamed('new'), name: 'old' }
        expect(await keys.replace('id-none', () => next)).toBeNull()
        const broken = keys.replace('id-old', () => {
          throw new Error('no key could be made')
        })
        await expect(broken).rejects.toThrow('no key could be made')
        expect((await keys.list()).map(({ id }) => id)).toEqual(['id-old'])
        expect(await keys.replace('id-old', () => next)).toEqual(next)
        expect((await keys.list()).map(({ id }) => id)).toEqual(['id-new'])
        expect(await keys.find('digest-old')).toBeNull()
      })
    })
  })
}
