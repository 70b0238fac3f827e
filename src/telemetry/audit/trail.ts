import { fstatSync, ftruncateSync } from 'node:fs'
import { mkdir, open, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../../core/errors.ts'
import { takeFileLock, turnMilliseconds, withFileLock, type FileLock } from '../../files/file-lock.ts'
import { writeAtOnce } from '../../files/write-at-once.ts'
import { checkpointEvent, type Checkpoint, type CheckpointSigner } from './checkpoint.ts'
import { entryAfter, type AuditFact, type AuditPlace } from './entry.ts'
import { lastLineOf, patience, trailName, type LastLine } from './last-line.ts'
import { mendRotation, retirable, retire, rotate } from './rotate.ts'

/** How long a fact that nobody waits for may wait for others to be written with, in milliseconds. */
const noteMilliseconds = 20

/** So many lines of one process have a checkpoint behind them at the latest. */
const mostUnsigned = 1_000

export interface TrailOptions {
  readonly now?: () => Date
  /** Signs checkpoints; none are written without. */
  readonly signer?: CheckpointSigner
  /** How long a line may stand without a checkpoint behind it, in milliseconds. */
  readonly signAfterMilliseconds?: number
  /** Told of each checkpoint that was written, so that it can be kept elsewhere. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void
  /** Told where old files could not be let go; the trail goes on. */
  readonly onFault?: (error: unknown) => void
  /** A file of at least so many bytes is full; null for never. */
  readonly rotateBytes?: number | null
  /** Former files are let go so many days after their last line; null for never. */
  readonly keepDays?: number | null
}

interface Waiting {
  readonly fact: AuditFact
  readonly written: () => void
  readonly failed: (error: unknown) => void
}

/**
 * An append-only trail of JSON lines `{sequence, time, fact, previous, hash}`. Each hash covers the line before it, so a
 * line that is changed, removed or put elsewhere breaks the chain. Whoever can rewrite the whole file could make a new
 * chain: signed checkpoints stand in it, which they cannot make without the key, and which show a cut end where they are
 * kept elsewhere too. Several processes of a machine may write one trail: each keeps its lock until another one wants it.
 * Facts that come while others are being written are written together.
 */
export class AuditTrail implements AsyncDisposable {
  readonly #path: string
  readonly #options: TrailOptions
  readonly #now: () => Date
  #file: FileHandle
  #last: LastLine
  readonly #waiting: Waiting[] = []
  #writing: Promise<void> | null = null
  #gathering: NodeJS.Immediate | null = null
  #noting: NodeJS.Timeout | null = null
  #signing: NodeJS.Timeout | null = null
  /** Lines of this process since its last checkpoint. */
  #unsigned = 0
  #isSignatureDue = false
  #lock: FileLock | null = null
  /** When the lock may be taken again, by the clock of `performance.now`. */
  #turn = 0

  private constructor(
    options: TrailOptions,
    { path, file, last }: { readonly path: string; readonly file: FileHandle; readonly last: LastLine },
  ) {
    this.#path = path
    this.#file = file
    this.#last = last
    this.#options = options
    this.#now = options.now ?? (() => new Date())
  }

  /** Opens or starts a trail. Throws `invalid-config` when its last line is not one of a trail. */
  static async open(given: string, options: TrailOptions = {}): Promise<AuditTrail> {
    await mkdir(dirname(given), { recursive: true, mode: 0o700 })
    // Opening a pipe could wait for ever.
    const facts = await stat(given).catch(() => null)
    if (facts?.isFile() === false) {
      throw new ServiceError('invalid-config', `The audit trail ${given} is not a regular file.`)
    }
    // The lock goes by this name: whoever writes here has to say the same one.
    const path = await trailName(given)
    return withFileLock(path, patience, async () => new AuditTrail(options, { path, ...(await openCurrent(path)) }))
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
      if (this.#waiting.length > 0 || this.#isSignatureDue) this.#begin()
    })
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0 || this.#isSignatureDue) {
      if (this.#noting !== null) clearTimeout(this.#noting)
      this.#noting = null
      const batch = this.#waiting.splice(0)
      const isSignatureDue = this.#isSignatureDue
      this.#isSignatureDue = false
      try {
        this.#lock ??= await this.#take()
        await this.#makeRoom()
        await this.#write(
          batch.map(({ fact }) => fact),
          isSignatureDue,
        )
        for (const { written } of batch) written()
      } catch (error) {
        // The callers get the error of a failed write; the next write goes on from the last good line.
        for (const { failed } of batch) failed(error)
        if (batch.length === 0) this.#options.onFault?.(error)
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
    try {
      const named = await stat(this.#path).catch(() => null)
      // Another process gave the full file its former name.
      if (named?.ino !== fstatSync(this.#file.fd).ino) await this.#reopen()
    } catch (error) {
      await lock.release()
      throw error
    }
    return lock
  }

  async #reopen(): Promise<void> {
    const old = this.#file
    const { file, last } = await openCurrent(this.#path)
    this.#file = file
    this.#last = last
    await old.close()
  }

  async #giveUp(): Promise<void> {
    const lock = this.#lock
    this.#lock = null
    this.#turn = performance.now() + turnMilliseconds
    await lock?.release()
  }

  /** The last line, also where another process wrote it. */
  async #lastLine(): Promise<LastLine> {
    const { size } = fstatSync(this.#file.fd)
    return size === this.#last.size ? this.#last : lastLineOf(this.#file, this.#path)
  }

  async #makeRoom(): Promise<void> {
    const { rotateBytes = null, keepDays = null } = this.#options
    if (rotateBytes === null || fstatSync(this.#file.fd).size < rotateBytes) return
    await rotate(this.#path, await this.#lastLine(), this.#now().toISOString())
    await this.#reopen()
    if (keepDays === null) return
    try {
      const old = await retirable(this.#path, keepDays, this.#now())
      if (old.length === 0) return
      await this.#write(
        old.map(({ fact }) => fact),
        true,
      )
      await retire(old.map(({ file }) => file))
    } catch (error) {
      this.#options.onFault?.(error)
    }
  }

  async #write(facts: readonly AuditFact[], isSignatureDue: boolean): Promise<void> {
    const { size, ...before } = await this.#lastLine()
    let place: AuditPlace = before
    let lines = ''
    const add = (fact: AuditFact, time: string): void => {
      const entry = entryAfter(place, time, fact)
      lines += entry.line
      place = entry.place
    }
    for (const fact of facts) add(fact, this.#now().toISOString())
    const unsigned = this.#unsigned + facts.length
    const checkpoint = isSignatureDue || unsigned >= mostUnsigned ? this.#signed(place) : null
    if (checkpoint !== null) {
      const { time, ...signed } = checkpoint
      add({ event: checkpointEvent, requestId: '', ...signed }, time)
    }
    const bytes = Buffer.from(lines)
    this.#writeWhole(bytes, size)
    this.#last = { ...place, size: size + bytes.length }
    this.#unsigned = checkpoint === null ? unsigned : 0
    if (checkpoint !== null) this.#options.onCheckpoint?.(checkpoint)
    this.#planSignature()
  }

  /** All of the bytes or none: a disk that was full leaves no line without an end, which a check would call cut. */
  #writeWhole(bytes: Buffer, size: number): void {
    try {
      writeAtOnce(this.#file.fd, bytes)
    } catch (error) {
      try {
        ftruncateSync(this.#file.fd, size)
      } catch {
        // The next line, or the next start, cuts it off.
      }
      throw error
    }
  }

  #signed(place: AuditPlace): Checkpoint | null {
    return this.#options.signer?.sign(place, this.#now().toISOString()) ?? null
  }

  #planSignature(): void {
    if (this.#unsigned === 0 && this.#signing !== null) {
      clearTimeout(this.#signing)
      this.#signing = null
    }
    if (this.#unsigned === 0 || this.#options.signer === undefined) return
    this.#signing ??= setTimeout(() => this.#sign(), this.#options.signAfterMilliseconds ?? 60_000).unref()
  }

  #sign(): void {
    this.#signing = null
    this.#isSignatureDue = this.#unsigned > 0
    if (this.#isSignatureDue) this.#begin()
  }

  async #written(): Promise<void> {
    while (this.#writing !== null) await this.#writing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#signing !== null) clearTimeout(this.#signing)
    if (this.#waiting.length > 0) this.#begin()
    await this.#written()
    if (this.#options.signer !== undefined) this.#sign()
    await this.#written()
    if (this.#signing !== null) clearTimeout(this.#signing)
    await this.#giveUp()
    await this.#file.close()
  }
}

/** Opens the file that is written now. The lock of the trail is held. */
async function openCurrent(path: string): Promise<{ readonly file: FileHandle; readonly last: LastLine }> {
  await mendRotation(path)
  const file = await open(path, 'a+', 0o600)
  try {
    return { file, last: await lastLineOf(file, path) }
  } catch (error) {
    await file.close()
    throw error
  }
}
