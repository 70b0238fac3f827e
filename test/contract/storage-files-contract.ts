import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { FileFacts, FileLimits, FileToKeep } from '../../src/core/stored-files.ts'
import { FileVault } from '../../src/sealed/file-vault.ts'
import { KeyRing } from '../../src/sealed/key-ring.ts'
import type { OpenedStorage } from '../../src/storage/open-storage.ts'
import { sweep } from '../../src/storage/retention/sweep.ts'
import { verifies } from '../support/verifies.ts'
import type { StorageUnderTest } from './storage-contract.ts'
import { vaultOf } from './storage-history-contract.ts'

const noon = Date.UTC(2026, 0, 10, 12)
const dayMilliseconds = 86_400_000
const serviceKey = randomBytes(32)
const roomy: FileLimits = { files: 100, bytes: 100_000_000, fileBytes: 50_000_000 }

type Given = Partial<FileToKeep & Pick<FileFacts, 'purpose' | 'expires'>>

export const fileNamed = (name: string, { purpose = 'user_data', expires = null, ...own }: Given = {}): FileToKeep => ({
  principal: 'alice',
  name,
  mediaType: 'text/csv',
  preview: null,
  later: async () => ({ purpose, expires }),
  run: null,
  conversation: null,
  ...own,
})

export function filesOf({ files }: OpenedStorage, now = () => noon): FileVault {
  return new FileVault(files, async () => new KeyRing(serviceKey, []), now)
}

export async function* bytesIn(content: Uint8Array, step = 65_537): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += step) yield content.subarray(at, at + step)
}

export async function whole(content: AsyncIterable<Uint8Array> | null): Promise<Buffer | null> {
  if (content === null) return null
  const parts: Uint8Array[] = []
  for await (const part of content) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

/** Rows of each table that files are in. */
async function rowsOf({ database: { db } }: OpenedStorage) {
  const count = async (table: 'stored_files' | 'file_contents' | 'content_pieces') =>
    (await db.selectFrom(table).selectAll().execute()).length
  return [await count('stored_files'), await count('file_contents'), await count('content_pieces')]
}

/** What every kind of storage holds of files. */
export function filesContract(underTest: () => Promise<StorageUnderTest>): void {
  const opened = async (now = () => noon) => {
    const storage = await (await underTest()).open({ now })
    return { storage, vault: filesOf(storage, now) }
  }
  const keepText = (vault: FileVault, name: string, text: string, own: Given = {}) =>
    vault.keep(fileNamed(name, own), bytesIn(Buffer.from(text)), roomy)

  describe('for files', () => {
    it('gives back the bytes that came, from the beginning or the middle, to their principal alone', async () => {
      verifies('files.own')
      const { vault, storage } = await opened()
      const content = randomBytes(700_001)
      const kept = await vault.keep(fileNamed('a.csv'), bytesIn(content), roomy)
      expect(kept).toMatchObject({ name: 'a.csv', bytes: 700_001, made: new Date(noon) })
      expect(kept.id).toMatch(/^file_[0-9a-f]{32}$/)
      expect(await whole(await vault.open('alice', kept.id))).toEqual(content)
      for (const from of [1, 262_143, 262_144, 262_145, 700_000, 700_001, 900_000]) {
        expect(await whole(await vault.open('alice', kept.id, from))).toEqual(content.subarray(from))
      }
      expect(await vault.show('alice', kept.id)).toEqual(kept)
      for (const nothing of [
        await vault.show('bob', kept.id),
        await vault.open('bob', kept.id),
        await vault.describe('bob', kept.id, {}),
      ]) {
        expect(nothing).toBeNull()
      }
      expect(await vault.delete('bob', kept.id)).toBe(false)
      expect(await vault.list('bob', { most: 9, order: 'asc' })).toEqual([])
      expect(await rowsOf(storage)).toEqual([1, 1, 3])
      const empty = await vault.keep(fileNamed('empty'), bytesIn(Buffer.alloc(0)), roomy)
      expect(await whole(await vault.open('alice', empty.id))).toEqual(Buffer.alloc(0))
    })

    it('keeps what one principal has twice once, until the last file of it is deleted, and never one for two', async () => {
      verifies('files.content-addressed')
      const { vault, storage } = await opened()
      const text = 'a,b\n1,2\n'
      const files = await Promise.all(['one', 'two', 'three'].map((name) => keepText(vault, name, text)))
      expect(await rowsOf(storage)).toEqual([3, 1, 1])
      await keepText(vault, 'theirs', text, { principal: 'bob' })
      expect(await rowsOf(storage)).toEqual([4, 2, 2])
      const rows = await storage.database.db.selectFrom('file_contents').selectAll().execute()
      expect(new Set(rows.map(({ digest }) => digest)).size).toBe(2)
      const known = createHash('sha256').update(text).digest('hex')
      expect(JSON.stringify(rows)).not.toContain(known)
      const [one, two, three] = files
      expect(await vault.delete('alice', one?.id ?? '')).toBe(true)
      expect(await vault.delete('alice', two?.id ?? '')).toBe(true)
      expect(await whole(await vault.open('alice', three?.id ?? ''))).toEqual(Buffer.from(text))
      expect(await vault.delete('alice', three?.id ?? '')).toBe(true)
      expect(await rowsOf(storage)).toEqual([1, 1, 1])
      expect(await vault.used('alice')).toEqual({ files: 0, bytes: 0 })
    })

    it('keeps nothing of one that breaks off at its last byte, is too large, or too much', async () => {
      verifies('files.aborted')
      const { vault, storage } = await opened()
      const content = randomBytes(600_000)
      const broken = async function* () {
        yield* bytesIn(content)
        throw new Error('the caller is gone')
      }
      await expect(vault.keep(fileNamed('a'), broken(), roomy)).rejects.toThrow('the caller is gone')
      const keep = (limits: Partial<FileLimits>) =>
        vault.keep(fileNamed('a'), bytesIn(content), { ...roomy, ...limits })
      await expect(keep({ fileBytes: 599_999 })).rejects.toMatchObject({ code: 'payload-too-large' })
      await expect(keep({ bytes: 599_999 })).rejects.toMatchObject({ code: 'quota-exceeded' })
      await expect(keep({ files: 0 })).rejects.toMatchObject({ code: 'quota-exceeded' })
      expect(await rowsOf(storage)).toEqual([0, 0, 0])
      await keep({ fileBytes: 600_000, bytes: 600_000, files: 1 })
      const more = Array.from({ length: 4 }, () => keep({ files: 2 }))
      const outcomes = (await Promise.allSettled(more)).map(({ status }) => status)
      expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
      expect(await rowsOf(storage)).toEqual([2, 1, 3])
    })

    it('opens nothing that somebody changed, shortened, swapped or gave to another caller', async () => {
      const { vault, storage } = await opened()
      const { db } = storage.database
      const kept = await vault.keep(fileNamed('a'), bytesIn(randomBytes(600_000)), roomy)
      const other = await vault.keep(fileNamed('b'), bytesIn(randomBytes(600_000)), roomy)
      const read = async () => whole(await vault.open('alice', kept.id))
      const rows = await db.selectFrom('stored_files').selectAll().execute()
      const contentOf = (id: string) => rows.find((row) => row.id === id)?.content ?? ''
      const swap = (content: string) =>
        db.updateTable('stored_files').set({ content }).where('id', '=', kept.id).execute()
      await swap(contentOf(other.id))
      await expect(read()).rejects.toMatchObject({ code: 'internal' })
      await swap(contentOf(kept.id))
      await expect(read()).resolves.toHaveLength(600_000)
      await db.updateTable('file_contents').set({ pieces: 2 }).where('id', '=', contentOf(kept.id)).execute()
      await expect(read()).rejects.toMatchObject({ code: 'internal' })
      await db.updateTable('stored_files').set({ principal: 'bob' }).where('id', '=', kept.id).execute()
      await expect(vault.show('bob', kept.id)).rejects.toMatchObject({ code: 'internal' })
    })

    it('lists by purpose, both ways, behind one that is gone, and takes other words for one', async () => {
      let time = noon
      const { vault } = await opened(() => (time += 1))
      for (const name of ['a', 'b', 'c', 'd']) {
        await keepText(vault, name, name, { purpose: name < 'c' ? 'assistants' : 'user_data' })
      }
      const list = async (own: object) =>
        (await vault.list('alice', { most: 9, order: 'asc', ...own })).map(({ name }) => name)
      expect(await list({})).toEqual(['a', 'b', 'c', 'd'])
      expect(await list({ order: 'desc', most: 3 })).toEqual(['d', 'c', 'b'])
      expect(await list({ purpose: 'assistants' })).toEqual(['a', 'b'])
      const [, second] = await vault.list('alice', { most: 2, order: 'asc' })
      await vault.delete('alice', second?.id ?? '')
      expect(await list({ after: second?.id })).toEqual(['c', 'd'])
      const [first] = await vault.list('alice', { most: 1, order: 'asc' })
      const preview = { columns: ['x'] }
      expect(await vault.describe('alice', first?.id ?? '', { preview })).toMatchObject({ name: 'a', preview })
      expect(await vault.show('alice', first?.id ?? '')).toMatchObject({ name: 'a', preview, bytes: 1 })
    })

    it('is nobody’s when it is over, and gone at the next sweep; so is what is old, or of a conversation that is gone', async () => {
      verifies('files.expiry')
      let time = noon
      const { vault, storage } = await opened(() => time)
      const { id: conversation } = await vaultOf(storage).create('alice', { title: null, metadata: {} }, [])
      const expires = new Date(noon + 1_000)
      const short = await keepText(vault, 'short', 'x', { expires })
      await keepText(vault, 'old', 'y')
      const own = await keepText(vault, 'of a conversation', 'z', { conversation })
      const never = {
        revoked_keys_days: null,
        owned_ids_days: null,
        conversations_days: null,
        reports_days: null,
        approvals_days: null,
      }
      const sweepNow = () =>
        sweep(
          { ...storage.database, now: () => time, retention: { ...never, history_days: null, files_days: 30 } },
          new AbortController().signal,
        )
      expect(await sweepNow()).toMatchObject({ files: 0 })
      time += 1_000
      expect(await vault.show('alice', short.id)).toBeNull()
      expect(await vault.open('alice', short.id)).toBeNull()
      expect(await vault.used('alice')).toMatchObject({ files: 2 })
      expect(await sweepNow()).toMatchObject({ files: 1 })
      time += 31 * dayMilliseconds
      expect(await sweepNow()).toMatchObject({ files: 1 })
      expect(await vault.show('alice', own.id)).not.toBeNull()
      await vaultOf(storage).delete('alice', conversation)
      expect(await sweepNow()).toMatchObject({ files: 1 })
      expect(await rowsOf(storage)).toEqual([0, 0, 0])
    })

    it('drops what a process was writing that is dead, and what one left that was killed while it deleted', async () => {
      const { open } = await underTest()
      const storage = await open()
      const { db } = storage.database
      const owner = '1|0|another-boot|pid:[1]|dead'
      await db
        .insertInto('process_leases')
        .values({ id: owner, seen: '2020-01-01T00:00:00.000Z', number: 0, replica: 'dead' })
        .execute()
      const draft = { digest: null, bytes: 0, pieces: 0, uses: 0, wrapped_key: 'k', principal: 'alice' }
      await db
        .insertInto('file_contents')
        .values({ ...draft, id: 'content_a', owner })
        .execute()
      for (const content of ['content_a', 'content_orphan']) {
        const pieces = Array.from({ length: 70 }, (_, place) => ({ content, place, sealed: randomBytes(10) }))
        await db.insertInto('content_pieces').values(pieces).execute()
      }
      const again = await open()
      expect(await rowsOf(again)).toEqual([0, 0, 70])
      const never = {
        revoked_keys_days: null,
        owned_ids_days: null,
        conversations_days: null,
        reports_days: null,
        approvals_days: null,
      }
      await sweep(
        { ...again.database, now: () => noon, retention: { ...never, history_days: null, files_days: null } },
        new AbortController().signal,
      )
      expect(await rowsOf(again)).toEqual([0, 0, 0])
    })

    it('forgets one for good, also out of a copy of before that is put back', async () => {
      verifies('files.forgotten')
      const { open } = await underTest()
      const storage = await open({ now: () => noon })
      const vault = filesOf(storage)
      const kept = await keepText(vault, 'a', 'x')
      const { db } = storage.database
      const [file] = await db.selectFrom('stored_files').selectAll().execute()
      const [content] = await db.selectFrom('file_contents').selectAll().execute()
      await vault.delete('alice', kept.id)
      expect(await rowsOf(storage)).toEqual([0, 0, 0])
      if (file !== undefined) await db.insertInto('stored_files').values(file).execute()
      if (content !== undefined) await db.insertInto('file_contents').values(content).execute()
      expect(await vault.show('alice', kept.id)).toBeNull()
      expect(await vault.list('alice', { most: 9, order: 'asc' })).toEqual([])
      await open()
      expect(await rowsOf(storage)).toEqual([0, 0, 0])
    })
  })
}
