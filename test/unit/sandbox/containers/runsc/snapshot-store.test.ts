import { createHash } from 'node:crypto'
import { appendFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SnapshotStore } from '../../../../../src/sandbox/containers/runsc/snapshot-store.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

const nonce = Buffer.alloc(16, 5)

async function storeWith(fingerprints: readonly string[]) {
  const folder = temporaryFolder('sallyport-snapshots-')
  const store = new SnapshotStore(folder)
  for (const fingerprint of fingerprints) {
    await store.keep(fingerprint, async (draft) => {
      await writeFile(join(draft, 'pages.img'), `pages of ${fingerprint}`)
      return nonce
    })
  }
  return { folder, store }
}

describe('the snapshot store', () => {
  it('finds what it kept, with the nonce it was made under', async () => {
    const { folder, store } = await storeWith(['one'])
    expect(await store.find('one')).toEqual({ folder: join(folder, 'one'), nonce })
    expect(await store.find('two')).toBeNull()
  })

  it.each([
    ['changed', (folder: string) => appendFile(join(folder, 'pages.img'), 'more')],
    ['missing', (folder: string) => rm(join(folder, 'pages.img'))],
    ['added', (folder: string) => writeFile(join(folder, 'extra.img'), 'x')],
    ['not a manifest', (folder: string) => writeFile(join(folder, 'manifest.json'), '{"nonce":1}')],
  ])('throws away a snapshot with a file that is %s', async (_, spoil) => {
    const { folder, store } = await storeWith(['one'])
    await spoil(join(folder, 'one'))
    expect(await store.find('one')).toBeNull()
    expect(await readdir(folder)).toEqual([])
  })

  describe('with files that were found right', () => {
    /** A store on a machine of the test's own, which counts how often files are read. */
    async function counting() {
      const world = { bootId: 'first', uptime: 1_000, reads: 0 }
      const folder = temporaryFolder('sallyport-snapshots-')
      const store = new SnapshotStore(folder, {
        machine: { bootId: async () => world.bootId, uptime: () => world.uptime },
        digestOf: async (path) => {
          world.reads += 1
          return createHash('sha256')
            .update(await readFile(path))
            .digest('hex')
        },
      })
      await store.keep('one', async (draft) => {
        await writeFile(join(draft, 'pages.img'), 'pages')
        return nonce
      })
      const readToKeep = world.reads
      world.reads = 0
      return { world, store, place: join(folder, 'one'), readToKeep }
    }

    it('reads each once to keep it, and none of them again for a day', async () => {
      const { world, store, readToKeep } = await counting()
      expect(readToKeep).toBe(1)
      world.uptime += 86_399
      expect(await store.find('one')).not.toBeNull()
      expect(world.reads).toBe(0)
    })

    it.each<[string, (world: { bootId: string; uptime: number }, place: string) => unknown]>([
      ['after a day', (world) => (world.uptime += 86_400)],
      ['after a reboot', (world) => (world.bootId = 'second')],
      ['where the record is of a later moment than now', (world) => (world.uptime = 999)],
      ['without the record', (_, place) => rm(join(place, 'verified.json'))],
      ['where the record is torn', (_, place) => writeFile(join(place, 'verified.json'), '{"bootId":"first"')],
      ['where a file was touched', (_, place) => utimes(join(place, 'pages.img'), 1, 1)],
      ['where the manifest was touched', (_, place) => utimes(join(place, 'manifest.json'), 1, 1)],
    ])('reads them all again %s, and believes them then', async (_, change) => {
      const { world, store, place } = await counting()
      await change(world, place)
      expect(await store.find('one')).not.toBeNull()
      expect(world.reads).toBe(1)
      expect(await store.find('one')).not.toBeNull()
      expect(world.reads).toBe(1)
    })

    it('are whole while another process writes its record beside them', async () => {
      const { world, store, place } = await counting()
      await writeFile(join(place, '.verified.json-4194303'), '{')
      expect(await store.find('one')).not.toBeNull()
      world.bootId = 'second'
      expect(await store.find('one')).not.toBeNull()
    })

    it('are whole also where the record cannot be written', async () => {
      const { world, store, place } = await counting()
      await rm(join(place, 'verified.json'))
      await mkdir(join(place, 'verified.json'))
      expect(await store.find('one')).not.toBeNull()
      expect(await store.find('one')).not.toBeNull()
      expect(world.reads).toBe(2)
    })

    it('sees a change that leaves size and time as they were', async () => {
      const { store, place } = await counting()
      const pages = join(place, 'pages.img')
      const { atime, mtime } = await stat(pages)
      await writeFile(pages, 'other')
      await utimes(pages, atime, mtime)
      expect(await store.find('one')).toBeNull()
    })
  })

  it('throws away a snapshot that was changed while it was being kept', async () => {
    const folder = temporaryFolder('sallyport-snapshots-')
    const store = new SnapshotStore(folder, {
      digestOf: async (path) => {
        const digest = createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
        await appendFile(path, '!')
        return digest
      },
    })
    const make = async (draft: string) => {
      await writeFile(join(draft, 'pages.img'), 'pages')
      return nonce
    }
    expect(await store.keep('one', make)).toBeNull()
    expect(await readdir(folder)).toEqual([])
  })

  it('keeps nothing of a snapshot that could not be made', async () => {
    const { folder, store } = await storeWith([])
    await expect(store.keep('one', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await readdir(folder)).toEqual([])
  })

  it('clears away what a process that is gone left unfinished, and nothing of a living one', async () => {
    const { folder, store } = await storeWith([])
    await Promise.all([mkdir(join(folder, '.draft-4194303-x')), mkdir(join(folder, `.draft-${process.ppid}-x`))])
    await store.keep('one', async () => nonce)
    expect((await readdir(folder)).sort()).toEqual([`.draft-${process.ppid}-x`, 'one'])
  })

  it('forgets the oldest', async () => {
    const { folder } = await storeWith(['a', 'b', 'c', 'd', 'e'])
    expect((await readdir(folder)).sort()).toEqual(['b', 'c', 'd', 'e'])
  })
})
