import { isJson } from '../core/json.ts'
import { createWriteStream, fstatSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../core/errors.ts'
import { type SizeLimit, tooLarge } from '../files/regular-file.ts'

/** True for pipes, files and sockets; a terminal or /dev/null is a character device. */
export function isPiped(descriptor: number): boolean {
  try {
    const facts = fstatSync(descriptor)
    return facts.isFIFO() || facts.isFile() || facts.isSocket()
  } catch {
    return false
  }
}

/** Text of standard input up to `maximumBytes`. Throws `payload-too-large` above it. */
export async function readText(stream: Readable, maximumBytes: number): Promise<string> {
  return (await readBytes(stream, maximumBytes)).toString('utf8')
}

/** Standard input up to `maximumBytes`. Throws `payload-too-large` above it. */
export async function readBytes(stream: Readable, maximumBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    bytes += piece.length
    if (bytes > maximumBytes) {
      throw new ServiceError(
        'payload-too-large',
        `standard input is longer than ${maximumBytes.toLocaleString('en')} bytes`,
      )
    }
    chunks.push(piece)
  }
  return Buffer.concat(chunks)
}

/** Standard input kept as a file, removed on dispose. */
export class SpooledInput implements AsyncDisposable {
  readonly path: string
  readonly bytes: number
  readonly #folder: string

  private constructor(folder: string, path: string, bytes: number) {
    this.#folder = folder
    this.path = path
    this.bytes = bytes
  }

  /**
   * Keeps what comes until the end of the stream. Null when nothing came at all: programs are often started with a pipe
   * that nobody writes to, so the first byte is waited for `patienceMilliseconds` only (null waits for ever).
   */
  static async from(
    stream: Readable,
    options: { readonly limit: SizeLimit; readonly patienceMilliseconds: number | null },
  ): Promise<SpooledInput | 'nothing' | 'silence'> {
    const began = await firstByte(stream, options.patienceMilliseconds)
    if (began !== 'data') return began
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-input-'))
    try {
      const { path, bytes } = await spool(stream, folder, options.limit)
      return new SpooledInput(folder, path, bytes)
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function firstByte(stream: Readable, patience: number | null): Promise<'data' | 'nothing' | 'silence'> {
  if (stream.readableLength > 0) return 'data'
  if (stream.readableEnded) return 'nothing'
  const cancel = new AbortController()
  const arrived = new Promise<'data' | 'nothing'>((resolve, reject) => {
    stream.once('readable', () => resolve(stream.readableLength > 0 ? 'data' : 'nothing'))
    stream.once('end', () => resolve('nothing'))
    stream.once('error', reject)
  })
  const waited = patience === null ? [] : [sleep(patience, 'silence' as const, { signal: cancel.signal })]
  try {
    return await Promise.race([arrived, ...waited])
  } finally {
    cancel.abort()
    for (const promise of waited) promise.catch(() => {})
  }
}

async function spool(stream: Readable, folder: string, limit: SizeLimit): Promise<{ path: string; bytes: number }> {
  let head = ''
  let bytes = 0
  const path = join(folder, 'input')
  const counted = async function* (source: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      bytes += piece.length
      if (bytes > limit.bytes) throw tooLarge('standard input', null, limit)
      if (head.length < 4096) head += piece.subarray(0, 4096).toString('utf8')
      yield piece
    }
  }
  await pipeline(stream, counted, createWriteStream(path, { mode: 0o600 }))
  const whole = bytes <= parsedBytes && /^\s*[[{]/.test(head) ? await readFile(path, 'utf8') : null
  const named = join(folder, inputName(head, whole))
  await rename(path, named)
  return { path: named, bytes }
}

/** Longest input that is parsed to know whether it is JSON. */
const parsedBytes = 64 * 1024 * 1024

/**
 * A name that says what a text is, from its first lines and, where it may be JSON, from all of it (null: it is too long
 * for that). A log may begin with `[` without being JSON.
 */
export function inputName(head: string, whole: string | null = head): string {
  const [first = '', second = ''] = head.trimStart().split('\n')
  if (isObject(first) && isObject(second)) return 'stdin.jsonl'
  if (whole === null ? beginsLikeJson(head) : isDocument(whole)) return 'stdin.json'
  const count = (line: string, mark: string): number => line.split(mark).length - 1
  if (count(first, '\t') > 0 && count(first, '\t') === count(second, '\t')) return 'stdin.tsv'
  const separated = [',', ';', '|'].some((mark) => count(first, mark) > 0 && count(second, mark) >= count(first, mark))
  return separated && !/^[[{]/.test(first) ? 'stdin.csv' : 'stdin.txt'
}

/** A number or a word by itself is JSON, too, and hardly meant as such. */
function isDocument(text: string): boolean {
  return /^\s*[[{]/.test(text) && isJson(text)
}

function isObject(line: string): boolean {
  return line.startsWith('{') && isJson(line)
}

function beginsLikeJson(head: string): boolean {
  return /^\s*(\{\s*"|\[\s*([[{"]|-?\d+(\.\d+)?\s*,|(true|false|null)\s*,))/.test(head)
}
