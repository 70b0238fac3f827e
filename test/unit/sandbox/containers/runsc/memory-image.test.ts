import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../../src/core/errors.ts'
import { shareMemory } from '../../../../../src/sandbox/containers/runsc/memory-image.ts'

const never = new AbortController().signal
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')

let home = ''
const place = () => join(home, 'root/opt/sallyport/memory')

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'memory-image-'))
  await mkdir(join(home, 'root'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

/** A template that wrote these pieces down, or that failed in this way; and what was done with it, in order. */
function template(pieces: readonly string[] | Error) {
  const asked: string[] = []
  return {
    asked,
    files: {
      async *get(path: string) {
        asked.push(`get ${path}`)
        if (pieces instanceof Error) throw pieces
        for (const piece of pieces) yield Buffer.from(piece)
      },
      delete: async (path: string) => {
        asked.push(`delete ${path}`)
      },
    },
    greetAgain: async () => {
      asked.push(`hello, files ${(await readdir(place()).catch(() => [])).length}`)
      return Buffer.from(String(asked.length))
    },
  }
}

async function share(name: string, pieces: readonly string[] | Error, maximumBytes = 100) {
  const folder = join(home, name)
  await mkdir(folder)
  const made = template(pieces)
  const nonce = await shareMemory(made, { folder, rootFolder: join(home, 'root'), maximumBytes }, never)
  return { folder, nonce, asked: made.asked }
}

describe('the memory of a template', () => {
  it('is a file of the snapshot, and the same file among those of the image, by its digest', async () => {
    const { folder } = await share('one', ['some', 'memory'])
    const [kept, shared] = [join(folder, 'memory.img'), join(place(), digestOf('somememory'))]
    expect(await readFile(shared, 'utf8')).toBe('somememory')
    expect((await stat(shared)).ino).toBe((await stat(kept)).ino)
    expect((await stat(shared)).mode & 0o777).toBe(0o444)
  })

  it('is written down at the first greeting, and in its place before the second, whose nonce is in force', async () => {
    const { asked, nonce } = await share('one', ['memory'])
    expect(asked).toEqual(['hello, files 0', 'get memory.img', 'delete memory.img', 'hello, files 1'])
    expect(nonce.toString()).toBe('4')
  })

  it('of a snapshot that is gone is removed, and that of another stays', async () => {
    const gone = await share('gone', ['a'])
    await share('kept', ['b'])
    await rm(gone.folder, { recursive: true })
    await share('new', ['c'])
    expect((await readdir(place())).sort()).toEqual([digestOf('b'), digestOf('c')].sort())
  })

  it('stays its own where it had no room to write it down', async () => {
    const refusal = new ServiceError('invalid-file', 'there is no such file (not-found)')
    const { folder, asked, nonce } = await share('one', refusal)
    expect(asked).toEqual(['hello, files 0', 'get memory.img'])
    expect([nonce.toString(), await readdir(folder)]).toEqual(['1', []])
  })

  it('above its maximum, and what cannot be read, fails the checkpoint and leaves no file', async () => {
    await expect(share('large', ['12345', '678901'], 10)).rejects.toThrow('more than fits')
    await expect(share('lost', new ServiceError('sandbox-lost', 'gone'))).rejects.toThrow('gone')
    expect([...(await readdir(join(home, 'large'))), ...(await readdir(join(home, 'lost')))]).toEqual([])
  })

  it('is not written over a file that is there', async () => {
    await mkdir(join(home, 'there'))
    await writeFile(join(home, 'there/memory.img'), 'another')
    const places = { folder: join(home, 'there'), rootFolder: join(home, 'root'), maximumBytes: 10 }
    await expect(shareMemory(template(['mine']), places, never)).rejects.toThrow('EEXIST')
  })
})
