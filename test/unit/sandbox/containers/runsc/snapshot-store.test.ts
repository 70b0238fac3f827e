import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SnapshotStore } from '../../../../../src/sandbox/containers/runsc/snapshot-store.ts'

const nonce = Buffer.alloc(16, 5)

async function storeWith(fingerprints: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-snapshots-'))
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
