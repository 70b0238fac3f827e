import { Turns } from '../concurrency/turns.ts'
import { ServiceError } from '../core/errors.ts'
import type { RequestedLimits } from '../core/requested-limits.ts'
import { TablePlan } from '../provenance/analyst/table-plan.ts'
import { fileThing, Lineage, modelThing, sandboxThing } from '../provenance/lineage.ts'
import { endedSandbox, lostSandbox, withoutContent, type LostSandbox, type RenewedSandbox } from './lost-sandbox.ts'
import { ProgramLog } from './program-log.ts'
import { putBackFiles, type AfterProgram, type PutBack } from './put-back-files.ts'
import type { SessionFile } from './session-file.ts'
import type { SessionSettings } from './session-settings.ts'

/** What a session needs of a sandbox; whoever claims one may know more about it. */
export interface SessionSandbox extends AsyncDisposable {
  readonly alive: boolean
  /** Has an operator ended it? */
  readonly isEndedByOperator?: boolean
  readonly files: {
    put(path: string, content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<unknown>
    list(signal: AbortSignal): Promise<readonly { readonly path: string }[]>
    get(path: string, signal: AbortSignal): AsyncIterable<Uint8Array>
    delete(path: string, signal: AbortSignal): Promise<void>
  }
}

interface Held {
  readonly file: SessionFile
  uploaded: boolean
}

// Results wait here until code wants them; more than this is handed to the sandbox at once.
const maximumWaitingBytes = 64 * 1024 * 1024

/**
 * One conversation with its files and its sandbox, which is claimed when code first runs. Disposing destroys the
 * sandbox; it is safe to dispose twice and while something runs.
 */
export class Session<Sandbox extends SessionSandbox> implements AsyncDisposable {
  readonly id: string
  readonly tenant: string
  readonly limits: RequestedLimits
  /** What ran in its sandboxes. */
  readonly programs = new ProgramLog()
  /** Where what is in it came from; nothing that its sandboxes do takes any of it away. */
  readonly lineage = new Lineage()
  /** Tables that runs of it may read whatever they have read by then. */
  readonly plan = new TablePlan()
  /** Taken by each program that a caller brings, from before policy is asked about it until its files are read. */
  readonly turns = new Turns()
  readonly #claim: (signal: AbortSignal) => Promise<Sandbox>
  readonly #files = new Map<string, Held>()
  readonly #closing = new AbortController()
  #queue: Promise<unknown> = Promise.resolve()
  #sandbox: Sandbox | null = null
  /** What its owner has not been told yet of a sandbox that died. */
  #lost: LostSandbox | null = null
  /** What ran in its present sandbox. */
  #cells = new ProgramLog()
  #losses = 0
  #results = 0
  #pictures = 0

  constructor(settings: SessionSettings<Sandbox>) {
    this.id = settings.id
    this.tenant = settings.tenant
    this.limits = settings.limits
    this.#claim = settings.claim
  }

  get files(): readonly SessionFile[] {
    return [...this.#files.values()].map((held) => held.file)
  }

  /** How many of its sandboxes were lost, one that has no follower yet included. */
  get losses(): number {
    return this.#losses + (this.#sandbox?.alive === false ? 1 : 0)
  }

  /** What ran in its present sandbox, oldest first; null where there was more than is kept. */
  get cells(): readonly string[] | null {
    return this.#cells.texts
  }

  /** Counts from 1 for the whole session: the number in `result_1.parquet`. */
  nextResultNumber(): number {
    this.#results += 1
    return this.#results
  }

  /** The next query is of this number: that of a file which programs open by its name. */
  countResultsFrom(number: number): void {
    this.#results = number - 1
  }

  /** Counts from 1 for the whole session: the number in `chart_1.png`. */
  nextPictureNumber(): number {
    this.#pictures += 1
    return this.#pictures
  }

  /** Keeps a file for the sandbox; a file of the same path is replaced. Claims a sandbox only when too much is waiting. */
  async addFile(file: SessionFile, signal: AbortSignal): Promise<void> {
    this.#brought(file)
    this.#files.set(file.path, { file, uploaded: false })
    if (this.#waitingResultBytes() > maximumWaitingBytes) await this.sandbox(signal)
  }

  /** Keeps a file that is in the sandbox already: one that takes its place is given it. */
  holdFile(file: SessionFile): void {
    this.#brought(file)
    const uploaded = this.#sandbox?.alive === true
    if (uploaded) this.lineage.enter(sandboxThing, [fileThing(file.path)])
    this.#files.set(file.path, { file, uploaded })
  }

  /** Takes a file away, from the sandbox as well. */
  async removeFile(path: string, signal: AbortSignal): Promise<void> {
    this.#files.delete(path)
    if (this.#sandbox?.alive === true) await this.#sandbox.files.delete(path, signal)
  }

  /** Its first sandbox takes the place of one of another process. `programs`: what is known of those that ran there; null for nothing. */
  followLost(programs: readonly string[] | null): void {
    this.#lost ??= { renewed: lostSandbox, programs }
    this.programs.follow(programs ?? [])
  }

  /** Says what a file holds, once that is known. */
  describe(path: string, description: string): void {
    const held = this.#files.get(path)
    if (held !== undefined) this.#files.set(path, { ...held, file: { ...held.file, description } })
  }

  /**
   * The session's sandbox with every file in place. A new one is claimed at first use and where the old one died; then
   * attached files are there again, while variables and the results of earlier queries are gone.
   */
  async sandbox(signal: AbortSignal): Promise<Sandbox> {
    const ready = this.#queue.then(() => this.#prepare(signal))
    this.#queue = ready.catch(() => undefined)
    return ready
  }

  /**
   * The same for a program that runs there next, and where that is a new one in the place of one that died, what is gone; told once. From then on
   * the sandbox is made of what the model of the session has read as well: a program that nobody has followed makes it `unknown`.
   */
  async sandboxFor(program: string, signal: AbortSignal): Promise<RenewedSandbox<Sandbox>> {
    const sandbox = await this.sandbox(signal)
    this.lineage.enter(sandboxThing, [modelThing])
    const lost = this.#lost
    this.#lost = null
    this.#cells.add(program)
    return { sandbox, ...(lost ?? { renewed: null, programs: [] }) }
  }

  /**
   * Gives files of the person's their own content again that a program has changed or taken away. What it has made of them stays beside, under another
   * name. A sandbox in which that cannot be done is given up: the next one has the files as they were given.
   */
  async putBack(program: AfterProgram, signal: AbortSignal): Promise<readonly PutBack[]> {
    const sandbox = this.#sandbox
    if (sandbox?.alive !== true) return []
    const held = [...this.#files.values()].filter(({ file, uploaded }) => uploaded && file.kind === 'attached')
    const given = held.flatMap(({ file }) => (file.isMade === true ? [] : [file]))
    try {
      return await putBackFiles(sandbox, { given, ...program }, signal)
    } catch (thrown) {
      signal.throwIfAborted()
      await this.#drop(sandbox)
      throw new ServiceError(
        'sandbox-lost',
        'A program has changed files that were given to it, and they could not be put back: its sandbox was given up.',
        { cause: thrown },
      )
    }
  }

  /**
   * Begins its programs anew: a fresh sandbox with the files of the one before and none of its variables. What runs is cancelled
   * with the old sandbox. Without a sandbox there is nothing to do.
   */
  async restart(signal: AbortSignal): Promise<void> {
    const restarted = this.#queue.then(() => this.#replace(signal))
    this.#queue = restarted.catch(() => undefined)
    await restarted
  }

  /**
   * Lets go of all that its programs have made: the next one meets a fresh sandbox with the files that were given, and nothing is told of the one before.
   * What is known of where things came from stays.
   */
  async beginAnew(): Promise<void> {
    const begun = this.#queue.then(async () => {
      const old = this.#sandbox
      if (old?.alive === false) this.#losses += 1
      this.#sandbox = null
      this.#lost = null
      this.#leaveFiles()
      await old?.[Symbol.asyncDispose]()
    })
    this.#queue = begun.catch(() => undefined)
    await begun
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end(new ServiceError('cancelled', 'The session was closed'))
  }

  /** As disposing does, and tells what runs there why. Where its sandbox could not be ended, it is tried again by another call. */
  async end(why: ServiceError): Promise<void> {
    this.#closing.abort(why)
    await this.#queue
    this.#files.clear()
    const sandbox = this.#sandbox
    await sandbox?.[Symbol.asyncDispose]()
    if (this.#sandbox === sandbox) this.#sandbox = null
  }

  async #prepare(signal: AbortSignal): Promise<Sandbox> {
    const whole = AbortSignal.any([signal, this.#closing.signal])
    whole.throwIfAborted()
    if (this.#sandbox !== null && !this.#sandbox.alive) await this.#drop(this.#sandbox)
    if (this.#sandbox === null) {
      this.#sandbox = await this.#claim(whole)
      this.#renewLineage()
    }
    for (const held of this.#files.values()) {
      if (held.uploaded) continue
      await this.#sandbox.files.put(held.file.path, held.file.open(), whole)
      held.uploaded = true
      this.lineage.enter(sandboxThing, [fileThing(held.file.path)])
      // A result is handed over once and not kept in this process; attached files can be opened again.
      if (held.file.kind === 'result')
        this.#files.set(held.file.path, { file: withoutContent(held.file), uploaded: true })
    }
    return this.#sandbox
  }

  async #replace(signal: AbortSignal): Promise<void> {
    const old = this.#sandbox
    if (old === null) return
    if (!old.alive) return await this.#drop(old)
    const whole = AbortSignal.any([signal, this.#closing.signal])
    const fresh = await this.#claim(whole)
    const taken: string[] = []
    try {
      for (const { path } of await old.files.list(whole)) {
        await fresh.files.put(path, old.files.get(path, whole), whole)
        // Whatever program has written it there.
        this.lineage.make(fileThing(path), 'file', [sandboxThing])
        taken.push(fileThing(path))
      }
    } catch (thrown) {
      await fresh[Symbol.asyncDispose]()
      throw thrown
    }
    this.#sandbox = fresh
    this.#renewLineage()
    this.lineage.enter(sandboxThing, taken)
    this.#cells = new ProgramLog()
    await old[Symbol.asyncDispose]()
  }

  #brought({ path, kind, origins = [kind === 'result' ? 'row' : 'file'] }: SessionFile): void {
    this.lineage.bring(fileThing(path), 'file', origins)
  }

  /** A sandbox that was just made holds nothing of anybody. */
  #renewLineage(): void {
    this.lineage.renew(sandboxThing)
    this.lineage.enter(sandboxThing, [])
  }

  async #drop(sandbox: Sandbox): Promise<void> {
    this.#sandbox = null
    this.#losses += 1
    // What was lost before it and was not told yet is told of all the same.
    const renewed = sandbox.isEndedByOperator === true ? endedSandbox : lostSandbox
    this.#lost ??= { renewed, programs: this.#cells.texts }
    this.#leaveFiles()
    await sandbox[Symbol.asyncDispose]()
  }

  /** Those that can be opened again are for the next sandbox; the rows of queries are gone with this one. */
  #leaveFiles(): void {
    this.#cells = new ProgramLog()
    for (const [path, held] of this.#files) {
      if (held.uploaded && held.file.kind === 'result') this.#files.delete(path)
      held.uploaded = false
    }
  }

  #waitingResultBytes(): number {
    const waiting = [...this.#files.values()].filter((held) => !held.uploaded && held.file.kind === 'result')
    return waiting.reduce((sum, held) => sum + held.file.bytes, 0)
  }
}
