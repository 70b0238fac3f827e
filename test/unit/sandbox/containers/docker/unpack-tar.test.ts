import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpackTar } from '../../../../../src/sandbox/containers/docker/unpack-tar.ts'

const never = new AbortController().signal
const record = 10_240

let base: string
let target: string
let archive: Buffer

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'unpack-'))
  target = await mkdtemp(join(base, 'target-'))
  await writeFile(join(base, 'a.txt'), 'kept')
  archive = spawnSync('tar', ['--create', '--file', '-', '--directory', base, 'a.txt']).stdout
})
afterAll(() => rm(base, { recursive: true }))

function streamOf(...chunks: readonly Buffer[]): PassThrough {
  const stream = new PassThrough()
  for (const chunk of chunks) stream.write(chunk)
  return stream
}

describe('unpacking an archive', () => {
  it('takes one to its end that fills the last record, though its end is heard of late', async () => {
    expect(archive.length % record).toBe(0)
    const stream = streamOf(archive)
    const unpacked = unpackTar(stream, target, never)
    await wait(300)
    stream.end()
    await unpacked
    expect(await readFile(join(target, 'a.txt'), 'utf8')).toBe('kept')
  })

  it('repeats what tar said of a text that is not an archive', async () => {
    const stream = streamOf(Buffer.alloc(record, 'x'))
    stream.end()
    await expect(unpackTar(stream, target, never)).rejects.toThrow(/tar ended with status 2: .*tar/s)
  })

  it('says what tar said when the folder is not there', async () => {
    const stream = streamOf(archive)
    stream.end()
    await expect(unpackTar(stream, join(base, 'absent'), never)).rejects.toThrow(/absent/)
  })

  it('passes on what broke the stream', async () => {
    const stream = streamOf(archive.subarray(0, 600))
    const unpacked = unpackTar(stream, target, never)
    stream.destroy(new Error('the daemon went away'))
    await expect(unpacked).rejects.toThrow('the daemon went away')
  })

  it('ends with its signal', async () => {
    const abort = new AbortController()
    const unpacked = unpackTar(streamOf(archive), target, abort.signal)
    abort.abort(new Error('nobody waits'))
    await expect(unpacked).rejects.toThrow('nobody waits')
  })
})
