import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Decoder } from '../../src/media/decoding/decoder.ts'
import { Decoders } from '../../src/media/decoding/decoders.ts'
import type { DecodeRequest } from '../../src/media/decoding/messages.ts'
import { WalledMediaChecker } from '../../src/media/media-checker.ts'
import { emptyZip, page } from '../support/media/changed-pictures.ts'
import { drawn, noise } from '../support/media/drawn-pictures.ts'
import { roomy } from '../support/media/limits.ts'
import { processesWith } from '../support/processes/processes-with.ts'
import { verifies } from '../support/verifies.ts'

const memoryMegabytes = 300
const request = {
  type: 'image/png',
  mode: 're-encode',
  isMetadataKept: false,
  maximumPixels: 24 * 16,
  isAnimated: false,
  isLossless: true,
} as const

const isProgram = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(process.execPath)

/** Was it started by this process, or by one that it started? */
function isBelow(pid: number, ancestor: number): boolean {
  const parent = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  return parent === ancestor || (parent > 1 && isBelow(parent, ancestor))
}

const decoders = (): readonly number[] => processesWith('decoder-process.ts')

describe('the process of a decoder', () => {
  const before = decoders()
  const decoder = new Decoder({ deadlineMilliseconds: 60_000, memoryMegabytes })
  let pid = 0
  const inside = (...steps: string[]): string => join(`/proc/${pid}`, ...steps)

  beforeAll(async () => {
    await decoder.warm(new AbortController().signal)
    // The processes that build the wall have its name among their words, too.
    const own = decoders().filter((each) => isProgram(each) && isBelow(each, process.pid))
    pid = own.find((each) => !before.includes(each)) ?? 0
    if (pid === 0) throw new Error('There is no process of a decoder.')
  })
  afterAll(() => decoder[Symbol.asyncDispose]())

  it('sees nothing of this machine but programs, its own code and the library', () => {
    verifies('media.wall')
    const shown = readdirSync(inside('root')).toSorted()
    for (const name of ['etc', 'home', 'proc', 'dev', 'sys', 'run', 'var', 'mnt']) expect(shown).not.toContain(name)
    const root = join(import.meta.dirname, '../..')
    expect(existsSync(inside('root', root, 'src/media/decoding/decoder-process.ts'))).toBe(true)
    for (const name of ['src/gateway', 'src/config', 'test', 'package-lock.json', '.git'])
      expect([name, existsSync(inside('root', root, name))]).toEqual([name, false])
  })

  it('has nothing that it could write to', () => {
    verifies('media.wall')
    const options = readFileSync(inside('mounts'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (line.split(' ')[3] ?? '').split(','))
    expect(options.length).toBeGreaterThan(3)
    expect(options.filter((each) => !each.includes('ro') || !each.includes('nosuid'))).toEqual([])
  })

  it('has a network, users, processes and messages of its own', () => {
    verifies('media.wall')
    for (const name of ['net', 'user', 'pid', 'mnt', 'ipc', 'uts'])
      expect([name, readlinkSync(inside('ns', name)) === readlinkSync(`/proc/self/ns/${name}`)]).toEqual([name, false])
    // Not even a loopback that is up.
    expect(readFileSync(inside('net/fib_trie'), 'utf8').trim()).toBe('')
  })

  it('is told no secret, may get no right, and has bounds of the kernel', () => {
    verifies('media.wall', 'media.memory')
    const names = readFileSync(inside('environ'), 'utf8')
      .split('\0')
      .map((each) => each.split('=')[0])
    expect(
      names.filter(
        (name) =>
          !['', 'PATH', 'PWD', '_', 'OLDPWD', 'SHLVL'].includes(name ?? '') && !name?.startsWith('NODE_CHANNEL'),
      ),
    ).toEqual([])
    const status = readFileSync(inside('status'), 'utf8')
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      expect(status).toMatch(new RegExp(`^${set}:\\s+0{16}$`, 'm'))
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m)
    const limits = readFileSync(inside('limits'), 'utf8')
    const limitOf = (name: string) => new RegExp(`^Max ${name} +(\\S+) +(\\S+)`, 'm').exec(limits)?.slice(1)
    expect(limitOf('file size')).toEqual(['0', '0'])
    expect(limitOf('core file size')).toEqual(['0', '0'])
    expect(limitOf('open files')).toEqual(['64', '64'])
    expect(limitOf('processes')).toEqual(['64', '64'])
    // What the engine of JavaScript asks for at its start, and what the picture may take.
    const bytes = String((704 + memoryMegabytes) * 1_048_576)
    expect(limitOf('data size')).toEqual([bytes, bytes])
  })

  it('reads the four types of pictures, whatever else the library could read', async () => {
    verifies('media.decoded-whole')
    const others = {
      svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'),
      tiff: await sharp(drawn.png).tiff().toBuffer(),
      avif: await sharp(drawn.png).avif().toBuffer(),
    }
    for (const [name, bytes] of Object.entries(others)) {
      expect([name, (await sharp(bytes).metadata()).format === undefined]).toEqual([name, false])
      for (const mode of ['re-encode', 'as-is'] as const)
        expect([name, await decoder.decode({ ...request, mode, bytes })]).toEqual([name, { kind: 'not-decodable' }])
    }
    for (const bytes of [drawn.png, drawn.jpeg, drawn.gif, drawn.webp]) {
      expect(await decoder.decode({ ...request, bytes })).toMatchObject({ kind: 'decoded', width: 24, height: 16 })
      expect(await decoder.decode({ ...request, mode: 'as-is', bytes })).toEqual({
        kind: 'decoded',
        width: 24,
        height: 16,
        bytes: null,
      })
    }
  })

  it('unpacks no more pixels than it may, whoever asks', async () => {
    verifies('media.limits')
    const fewer = { ...request, maximumPixels: 24 * 16 - 1, bytes: drawn.png }
    expect(await decoder.decode(fewer)).toEqual({ kind: 'not-decodable' })
    expect(await decoder.decode({ ...fewer, mode: 'as-is' })).toEqual({ kind: 'not-decodable' })
  })
})

it('a decoder is given no byte behind the end of a picture', async () => {
  verifies('media.drawn-anew')
  const given: Buffer[] = []
  const own = Object.getOwnPropertyDescriptor(Decoders.prototype, 'decode') ?? {}
  const decode = own.value as (...asked: Parameters<Decoders['decode']>) => ReturnType<Decoders['decode']>
  Decoders.prototype.decode = async function record(this: Decoders, asked: DecodeRequest, about) {
    given.push(Buffer.from(asked.bytes))
    return Reflect.apply(decode, this, [asked, about])
  }
  try {
    await using checker = new WalledMediaChecker({
      processes: 1,
      waiting: 1,
      picturesPerProcess: 10,
      deadlineMilliseconds: 60_000,
      memoryMegabytes,
    })
    const pictures = [drawn.png, drawn.jpeg, drawn.gif, drawn.webp]
    for (const bytes of pictures) {
      const demand = { sender: 'ann', declaredType: null, limits: roomy }
      const { signal } = new AbortController()
      expect(await checker.check(Buffer.concat([bytes, emptyZip, page]), demand, signal)).toMatchObject({
        kind: 'accepted',
      })
    }
    expect(given).toEqual(pictures)
  } finally {
    Object.defineProperty(Decoders.prototype, 'decode', own)
  }
})

it('a picture waits for a decoder no longer than it may take itself', async () => {
  verifies('media.queue')
  await using checker = new WalledMediaChecker({
    processes: 1,
    waiting: 10,
    picturesPerProcess: 10,
    deadlineMilliseconds: 300,
    memoryMegabytes: 512,
  })
  const { signal } = new AbortController()
  await checker.warm(signal)
  const slow = await noise(3900, 'png')
  const demand = { sender: 'ann', declaredType: null, limits: { ...roomy, maximumBytes: slow.length } }
  const answers = await Promise.allSettled(Array.from({ length: 4 }, () => checker.check(slow, demand, signal)))
  // The first takes all of its time, the second what is left of its own or none.
  expect(answers[0]).toMatchObject({ value: { refusal: { code: 'too-slow' } } })
  for (const answer of answers.slice(2)) expect(answer).toMatchObject({ reason: { code: 'sandbox-busy' } })
})
