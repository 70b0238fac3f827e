import { hash as digest } from 'node:crypto'
import { createReadStream, fstatSync } from 'node:fs'
import { mkdir, open, realpath, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../core/errors.ts'
import { takeFileLock, turnMilliseconds, withFileLock, type FileLock } from '../files/file-lock.ts'
import { writeAtOnce } from '../files/write-at-once.ts'
import type { JsonValue } from '../core/json.ts'

/** What happened, to whom. Texts of questions and rows do not belong here; digests of them do. */
export interface AuditFact {
  readonly event: string
  readonly requestId: string
  readonly [member: string]: JsonValue
}

/** The hash before the first line. */
const origin = '0'.repeat(64)

/** The longest line of a trail, in bytes; a longer one was not written by this service. */
const longestLine = 1_048_576

const newline = 10

/** The hash that chains a line to the next. It has no key, so that anybody who has the trail can check it. */
function chainHash(text: string): string {
  return digest('sha256', text)
}

/** How long an append waits for another process's, in milliseconds. */
const patience = 10_000

/** How long a fact that nobody waits for may wait for others to be written with, in milliseconds. */
const noteMilliseconds = 20

interface Waiting {
  readonly fact: AuditFact
  readonly written: () => void
  readonly failed: (error: unknown) => void
}

/**
 * An append-only trail of JSON lines `{sequence, time, fact, previous, hash}`. Each hash covers the line before it, so
 * a line that is changed, removed or put elsewhere breaks the chain; whoever can rewrite the whole file can still make
 * a new chain, so ship the last hash somewhere else. Several processes of a machine may write one trail: each keeps its
 * lock until another one wants it. Facts that come while others are being written are written together.
 */
export class AuditTrail implements AsyncDisposable {
  readonly #path: string
  readonly #file: FileHandle
  readonly #now: () => Date
  #last: Last
  readonly #waiting: Waiting[] = []
  #writing: Promise<void> | null = null
  #gathering: NodeJS.Immediate | null = null
  #noting: NodeJS.Timeout | null = null
  #lock: FileLock | null = null
  /** When the lock may be taken again, by the clock of `performance.now`. */
  #turn = 0

  private constructor(path: string, file: FileHandle, last: Last, now: () => Date) {
    this.#path = path
    this.#file = file
    this.#last = last
    this.#now = now
  }

  /** Opens or starts a trail. Throws `invalid-config` when its last line is not one of a trail. */
  static async open(given: string, now: () => Date = () => new Date()): Promise<AuditTrail> {
    await mkdir(dirname(given), { recursive: true, mode: 0o700 })
    // Opening a pipe could wait for ever.
    const facts = await stat(given).catch(() => null)
    if (facts?.isFile() === false) {
      throw new ServiceError('invalid-config', `The audit trail ${given} is not a regular file.`)
    }
    const file = await open(given, 'a+', 0o600)
    try {
      // The lock goes by this name: whoever writes here has to say the same one.
      const path = await realpath(given)
      const last = await withFileLock(path, patience, () => lastOf(file, path))
      return new AuditTrail(path, file, last, now)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Appends a fact; resolves when it was handed to the operating system. Order is the order of the calls. */
  append(fact: AuditFact): Promise<void> {
    return new Promise((written, failed) => {
      this.#waiting.push({ fact, written, failed })
      // What the same turn of the event loop brings is written with it.
      if (this.#writing === null) this.#gathering ??= setImmediate(() => this.#begin())
    })
  }

  /** Appends a fact that nothing waits for, within moments and together with others; `failed` is told if it cannot. */
  note(fact: AuditFact, failed: (error: unknown) => void): void {
    this.#waiting.push({ fact, written: () => undefined, failed })
    this.#noting ??= setTimeout(() => this.#begin(), noteMilliseconds)
  }

  #begin(): void {
    if (this.#gathering !== null) clearImmediate(this.#gathering)
    this.#gathering = null
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null
      // What came after the last look.
      if (this.#waiting.length > 0) this.#begin()
    })
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.#noting !== null) clearTimeout(this.#noting)
      this.#noting = null
      const batch = this.#waiting.splice(0)
      try {
        this.#lock ??= await this.#take()
        await this.#write(batch.map(({ fact }) => fact))
        for (const { written } of batch) written()
      } catch (error) {
        // The callers get the error of a failed write; the next write goes on from the last good line.
        for (const { failed } of batch) failed(error)
      }
      if (this.#lock?.wanted === true) await this.#giveUp()
    }
  }

  async #take(): Promise<FileLock> {
    const wait = this.#turn - performance.now()
    if (wait > 0) await sleep(wait)
    const lock = await takeFileLock(this.#path, patience)
    lock.onWanted(() => {
      if (this.#writing === null) void this.#giveUp()
    })
    return lock
  }

  async #giveUp(): Promise<void> {
    const lock = this.#lock
    this.#lock = null
    this.#turn = performance.now() + turnMilliseconds
    await lock?.release()
  }

  async #write(facts: readonly AuditFact[]): Promise<void> {
    const { size } = fstatSync(this.#file.fd)
    // Another process wrote in between: its last line is what these follow.
    let last = size === this.#last.size ? this.#last : await lastOf(this.#file, this.#path)
    let lines = ''
    for (const fact of facts) {
      const time = this.#now().toISOString()
      const body = { sequence: last.sequence + 1, time, fact, previous: last.hash }
      const text = JSON.stringify(body)
      const hash = chainHash(text)
      // What JSON makes of the body with the hash as its last member.
      const line = `${text.slice(0, -1)},"hash":"${hash}"}\n`
      lines += line
      last = { sequence: body.sequence, hash, size: last.size + Buffer.byteLength(line) }
    }
    writeAtOnce(this.#file.fd, Buffer.from(lines))
    this.#last = last
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#waiting.length > 0) this.#begin()
    while (this.#writing !== null) await this.#writing
    await this.#giveUp()
    await this.#file.close()
  }
}

interface Last {
  readonly sequence: number
  readonly hash: string
  /** Bytes of the file with this line as its last. */
  readonly size: number
}

interface Entry {
  readonly sequence: number
  readonly time: string
  readonly fact: AuditFact
  readonly previous: string
  readonly hash: string
}

async function lastOf(file: FileHandle, path: string): Promise<Last> {
  const { size } = await file.stat()
  if (size === 0) return { sequence: 0, hash: origin, size }
  const length = Math.min(size, longestLine)
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
  const whole = buffer.lastIndexOf(newline) + 1
  const torn = buffer.subarray(whole)
  const lastLine = buffer.subarray(buffer.subarray(0, Math.max(0, whole - 1)).lastIndexOf(newline) + 1, whole - 1)
  const entry = whole === 0 ? null : parseEntry(lastLine)
  // A torn end is cut off only from a file that is certainly a trail, since the setting may name any file of the
  // service's user.
  if (whole === 0 ? size > longestLine || !beginsLikeEntry(torn) : entry === null) {
    throw new ServiceError('invalid-config', `${path}: its last line is not one of an audit trail`, {
      advice: 'Move the file away, or set telemetry.audit_file to another one.',
    })
  }
  // A crash in the middle of a write leaves a line without its end: it never counted, and is cut off.
  if (torn.length > 0) await file.truncate(size - torn.length)
  const { sequence, hash } = entry ?? { sequence: 0, hash: origin }
  return { sequence, hash, size: size - torn.length }
}

function beginsLikeEntry(torn: Buffer): boolean {
  const beginning = '{"sequence":1,"time":"'
  return beginning.startsWith(torn.subarray(0, beginning.length).toString('latin1'))
}

/** The entry of a line; null unless the line is, byte for byte, what was written for it. */
function parseEntry(line: Buffer): Entry | null {
  try {
    const { sequence, time, fact, previous, hash } = JSON.parse(line.toString('utf8')) as Entry
    const body = { sequence, time, fact, previous }
    if (hash !== chainHash(JSON.stringify(body))) return null
    // What a reader of the file sees must be what the hash covers: no member beside it, no second one of its name.
    return line.equals(Buffer.from(JSON.stringify({ ...body, hash }))) ? { ...body, hash } : null
  } catch {
    return null
  }
}

/** How far a trail has come: the number and the hash of its last line. Null where there is none. */
export async function readAuditAnchor(given: string): Promise<Pick<Last, 'sequence' | 'hash'> | null> {
  const file = await open(given, 'r+').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null
    throw thrown
  })
  if (file === null) return null
  try {
    const path = await realpath(given)
    const { sequence, hash } = await withFileLock(path, patience, () => lastOf(file, path))
    return { sequence, hash }
  } finally {
    await file.close()
  }
}

export type AuditVerdict =
  | { readonly kind: 'intact'; readonly entries: number; readonly lastHash: string }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string }

/**
 * Reads a trail from its beginning to where it ends now and says where its chain breaks first. The chain alone cannot
 * show that its end was cut off or that all of it was rewritten; `expected`, the hash of a line noted elsewhere, can:
 * it has to be in the trail still. Services may go on writing. Rejects with the file system's error for a file it
 * cannot read.
 */
export async function verifyAuditTrail(given: string, expected: string | null = null): Promise<AuditVerdict> {
  const path = await realpath(given)
  // Under the lock no writer is in the middle of a line.
  const { size } = await withFileLock(path, patience, () => stat(path))
  let previous = origin
  let number = 0
  let found = expected === null || expected === origin
  for await (const { line, ended } of linesOf(path, size)) {
    number += 1
    if (line.length > longestLine) {
      return { kind: 'broken', line: number, reason: 'the line is longer than any that was written' }
    }
    if (!ended) return { kind: 'broken', line: number, reason: 'the line has no end: it was cut, or a crash left it' }
    const entry = parseEntry(line)
    if (entry === null) return { kind: 'broken', line: number, reason: 'the line does not match its hash' }
    if (entry.previous !== previous || entry.sequence !== number) {
      return { kind: 'broken', line: number, reason: 'the line does not follow the one before it' }
    }
    previous = entry.hash
    found ||= previous === expected
  }
  if (found) return { kind: 'intact', entries: number, lastHash: previous }
  return { kind: 'broken', line: number + 1, reason: 'the expected hash is of no line: entries are gone or replaced' }
}

/** Lines of the first `size` bytes, cut at line feeds and nowhere else. */
async function* linesOf(path: string, size: number): AsyncIterable<{ readonly line: Buffer; readonly ended: boolean }> {
  if (size === 0) return
  let pieces: Buffer[] = []
  let gathered = 0
  for await (const chunk of createReadStream(path, { end: size - 1 }) as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      yield { line: Buffer.concat([...pieces, chunk.subarray(from, at)]), ended: true }
      pieces = []
      from = at + 1
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from))
    gathered = (from > 0 ? 0 : gathered) + chunk.length - from
    // A file other than a trail may have no line feed at all.
    if (gathered > longestLine) break
  }
  if (pieces.length > 0) yield { line: Buffer.concat(pieces), ended: false }
}
