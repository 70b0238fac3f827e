import { describe, expect, it } from 'vitest'
import { mostSessions, type StoredWebSession } from '../../src/core/web-sessions.ts'
import { takeNewId, factsOf } from '../../src/storage/other-time.ts'
import { verifies } from '../support/verifies.ts'
import type { StorageUnderTest } from './storage-contract.ts'

const begin = Date.parse('2026-05-01T12:00:00.000Z')
const at = (milliseconds: number): string => new Date(begin + milliseconds).toISOString()

const sessionOf = (sha256: string, rest: Partial<StoredWebSession> = {}): StoredWebSession => ({
  sha256,
  listener: 'service',
  way: 'key',
  principal: 'alice',
  group: 'default',
  scopes: ['ask', 'sql'],
  keySha256: 'digest-of-a-key',
  made: at(0),
  expires: at(10_000),
  ...rest,
})

/** What every kind of storage holds of sessions of browsers. */
export function webSessionsContract(underTest: () => Promise<StorageUnderTest>): void {
  describe('for sessions of browsers', () => {
    it('tells every process of one at its own listener, until its time is over or somebody ends it', async () => {
      verifies('web.sessions')
      const { open } = await underTest()
      let now = begin
      const clock = { now: () => now }
      const [one, other] = [(await open(clock)).webSessions, (await open(clock)).webSessions]
      const made = sessionOf('a')
      await one.add(made)
      await one.add(sessionOf('b', { listener: 'operators', keySha256: null, way: 'link' }))
      expect(await other.find('a', 'service')).toEqual(made)
      expect(await other.find('a', 'operators')).toBeNull()
      expect(await other.find('b', 'service')).toBeNull()
      expect(await other.find('c', 'service')).toBeNull()
      now += 9_999
      expect(await one.find('a', 'service')).toEqual(made)
      now += 1
      expect(await one.find('a', 'service')).toBeNull()
      now = begin
      expect(await one.end('a', 'operators')).toBe(false)
      expect(await other.end('a', 'service')).toBe(true)
      expect(await one.find('a', 'service')).toBeNull()
      expect(await one.end('a', 'service')).toBe(false)
    })

    it('lets one of those take a link that take it at the same time, at its listener and in its time', async () => {
      verifies('web.links')
      const { open } = await underTest()
      let now = begin
      const clock = { now: () => now }
      const [one, other] = [(await open(clock)).webSessions, (await open(clock)).webSessions]
      for (const sha256 of ['a', 'b']) await one.addLink({ sha256, listener: 'service', expires: at(1_000) })
      expect(await one.takeLink('a', 'operators')).toBe(false)
      const taken = await Promise.all([one, other, one, other].map((sessions) => sessions.takeLink('a', 'service')))
      expect(taken.filter(Boolean)).toHaveLength(1)
      now += 1_000
      expect(await other.takeLink('b', 'service')).toBe(false)
    })

    it('keeps the newest of a caller, and forgets what is over', async () => {
      const { open } = await underTest()
      let now = begin
      const { webSessions, database } = await open({ now: () => now })
      const name = (index: number): string => `s${String(index).padStart(4, '0')}`
      for (let index = 0; index <= mostSessions; index += 1) {
        await webSessions.add(sessionOf(name(index), { made: at(index) }))
      }
      await webSessions.add(sessionOf('of-bob', { principal: 'bob' }))
      expect(await webSessions.find(name(0), 'service')).toBeNull()
      expect(await webSessions.find(name(1), 'service')).not.toBeNull()
      expect(await webSessions.find('of-bob', 'service')).not.toBeNull()
      await webSessions.addLink({ sha256: 'old', listener: 'service', expires: at(1_000) })
      now += 20_000
      await webSessions.add(sessionOf('new', { expires: at(30_000) }))
      const left = await database.db.selectFrom('web_sessions').select('sha256').execute()
      expect(left.map(({ sha256 }) => sha256)).toEqual(['new'])
      expect(await database.db.selectFrom('web_links').selectAll().execute()).toEqual([])
    })

    it('ends all where something of another time is put into the storage', async () => {
      verifies('web.sessions')
      const { open } = await underTest()
      const { webSessions, database } = await open({ now: () => begin })
      await webSessions.add(sessionOf('a'))
      await webSessions.addLink({ sha256: 'l', listener: 'service', expires: at(1_000) })
      await database.db
        .transaction()
        .execute(async (transaction) => takeNewId(transaction, { facts: await factsOf(transaction), mark: null }))
      expect(await webSessions.find('a', 'service')).toBeNull()
      expect(await webSessions.takeLink('l', 'service')).toBe(false)
    })
  })
}
