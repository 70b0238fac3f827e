import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isMissing, readRegularFile, readRegularFileSync, streamRegularFile } from '../../../src/files/regular-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-regular-'))
const limit = { bytes: 1_000, setting: 'a.setting' }
const at = (name: string): string => join(folder, name)
let socket: Server

beforeAll(async () => {
  writeFileSync(at('plain'), 'content')
  symlinkSync(at('plain'), at('link'))
  mkdirSync(at('folder'))
  execFileSync('mkfifo', [at('pipe')])
  symlinkSync('/dev/zero', at('endless'))
  symlinkSync(at('pipe'), at('link-to-pipe'))
  symlinkSync(at('loop'), at('loop'))
  writeFileSync(at('large'), '')
  truncateSync(at('large'), 5_000_000_000)
  socket = createServer().listen(at('socket'))
  await new Promise((resolve) => socket.once('listening', resolve))
})

afterAll(() => {
  socket.close()
  rmSync(folder, { recursive: true })
})

const ways = {
  'at once': async (path: string): Promise<string> => readRegularFileSync(path, limit).toString(),
  whole: async (path: string): Promise<string> => (await readRegularFile(path, limit)).toString(),
  'in pieces': async (path: string): Promise<string> => {
    const pieces: Buffer[] = []
    for await (const piece of streamRegularFile(path, limit)) pieces.push(piece)
    return Buffer.concat(pieces).toString()
  },
}

describe.each(Object.entries(ways))('S3: a local file that is read %s', (_name, read) => {
  it('gives its content, behind a link too', async () => {
    expect([await read(at('plain')), await read(at('link'))]).toEqual(['content', 'content'])
  })

  it.each([
    ['a folder', 'folder', 'it is a folder'],
    ['a pipe that nobody writes to', 'pipe', 'it is not a regular file'],
    ['a link to one', 'link-to-pipe', 'it is not a regular file'],
    ['a link to an endless device', 'endless', 'it is not a regular file'],
    ['a socket', 'socket', 'it is not a regular file'],
    ['a link to itself', 'loop', 'it cannot be read (ELOOP)'],
    ['a file above the limit', 'large', '4,768.4 MiB are too much, the limit is 1,000 bytes (a.setting)'],
  ])('is refused when it is %s', async (_what, name, message) => {
    await expect(read(at(name))).rejects.toMatchObject({ code: 'invalid-file', message: `${at(name)}: ${message}` })
  })

  it('is known to be missing where it is', async () => {
    const fault: unknown = await read(at('none')).catch((thrown: unknown) => thrown)
    expect([isMissing(fault), (fault as Error).message]).toEqual([true, `${at('none')}: it does not exist`])
    const other: unknown = await read(at('folder')).catch((thrown: unknown) => thrown)
    expect(isMissing(other)).toBe(false)
  })

  it('is refused when it says it is empty and never ends', async () => {
    // What the system makes up while it is read has no size beforehand.
    await expect(read('/proc/kallsyms')).rejects.toThrow('it is too long, the limit is 1,000 bytes')
  })
})
