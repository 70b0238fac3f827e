import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { ServiceError } from '../core/errors.ts'
import type { JsonValue } from '../core/json.ts'
import { withFileLock } from './file-lock.ts'

/** What happened, to whom. Texts of questions and rows do not belong here; digests of them do. */
export interface AuditFact {
  readonly event: string
  readonly requestId: string
  readonly [member: string]: JsonValue
}

/** The hash before the first line. */
const origin = '0'.repeat(64)

/** Longest tail read at start to find the last line, in bytes. */
const tailBytes = 1_048_576

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** How long an append waits for another process's, in milliseconds. */
const patience = 10_000

/**
 * An append-only trail of JSON lines `{sequence, time, fact, previous, hash}`. Each hash covers the line before it, so
 * a line that is changed, removed or put elsewhere breaks the chain; whoever can rewrite the whole file can still make
 * a new chain, so ship the last hash somewhere else. Several processes of a machine may write one trail.
 */
export class AuditTrail implements AsyncDisposable {
  readonly #path: string
  readonly #file: FileHandle
  readonly #now: () => Date
  #last: Last
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, file: FileHandle, last: Last, now: () => Date) {
    this.#path = path
    this.#file = file
    this.#last = last
    this.#now = now
  }

  /** Opens or starts a trail. Throws `invalid-config` when its last line is not one of a trail. */
  static async open(path: string, now: () => Date = () => new Date()): Promise<AuditTrail> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, 'a+', 0o600)
    try {
      const last = await withFileLock(path, patience, () => lastOf(file, path))
      return new AuditTrail(path, file, last, now)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Appends a fact; resolves when it was handed to the operating system. Order is the order of the calls. */
  append(fact: AuditFact): Promise<void> {
    const written = this.#writing.then(() => withFileLock(this.#path, patience, () => this.#write(fact)))
    // A failed write is the caller's to see; the next one tries again from the last good line.
    this.#writing = written.catch(() => {})
    return written
  }

  async #write(fact: AuditFact): Promise<void> {
    const { size } = await this.#file.stat()
    // Another process wrote in between: its last line is what this one follows.
    const last = size === this.#last.size ? this.#last : await lastOf(this.#file, this.#path)
    const time = this.#now().toISOString()
    const body = { sequence: last.sequence + 1, time, fact, previous: last.hash }
    const hash = digest(JSON.stringify(body))
    const line = `${JSON.stringify({ ...body, hash })}\n`
    await this.#file.appendFile(line)
    this.#last = { sequence: body.sequence, hash, size: last.size + Buffer.byteLength(line) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing
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
  const length = Math.min(size, tailBytes)
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
  const lines = buffer.toString('utf8').split('\n')
  // A crash in the middle of a write leaves a line without its end: it never counted, and is cut off.
  const torn = lines.pop() ?? ''
  const whole = size - Buffer.byteLength(torn)
  if (torn !== '') await file.truncate(whole)
  const last = lines.at(-1)
  if (last === undefined) return { sequence: 0, hash: origin, size: whole }
  const entry = parseEntry(last)
  if (entry !== null) return { sequence: entry.sequence, hash: entry.hash, size: whole }
  throw new ServiceError('invalid-config', `${path}: its last line is not one of an audit trail`, {
    advice: 'Move the file away, or set telemetry.audit_file to another one.',
  })
}

function parseEntry(line: string): Entry | null {
  try {
    const { sequence, time, fact, previous, hash } = JSON.parse(line) as Entry
    if (hash !== digest(JSON.stringify({ sequence, time, fact, previous }))) return null
    return { sequence, time, fact, previous, hash }
  } catch {
    return null
  }
}

export type AuditVerdict =
  | { readonly kind: 'intact'; readonly entries: number; readonly lastHash: string }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string }

/** Reads a trail from its beginning and says where its chain breaks first. */
export async function verifyAuditTrail(path: string): Promise<AuditVerdict> {
  let previous = origin
  let number = 0
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number += 1
    const entry = parseEntry(line)
    if (entry === null) return { kind: 'broken', line: number, reason: 'the line does not match its hash' }
    if (entry.previous !== previous || entry.sequence !== number) {
      return { kind: 'broken', line: number, reason: 'the line does not follow the one before it' }
    }
    previous = entry.hash
  }
  return { kind: 'intact', entries: number, lastHash: previous }
}
