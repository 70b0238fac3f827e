import { checkpointEvent, checkpointIn, faultOf, type Checkpoint } from './checkpoint.ts'
import { longestLine, origin, parseEntry, type AuditEntry } from './entry.ts'
import { retiredEvent } from './files.ts'
import { linesOf } from './lines.ts'
import { openTrailFiles } from './trail-files.ts'

/** Where a trail is not as it was written. */
export interface AuditBreak {
  readonly file: string
  /** The line of the file, from 1 on. */
  readonly line: number
  readonly reason: string
}

export interface AuditSignatures {
  /** How many checkpoints stand in the trail and hold. */
  readonly count: number
  /** The number of the last line that one of them covers; 0 for none. */
  readonly upTo: number
}

export type AuditVerdict =
  | {
      readonly kind: 'intact'
      readonly entries: number
      readonly lastHash: string
      /** The number of the first line that is still kept. */
      readonly first: number
      /** null where no key was given to check signatures with. */
      readonly signatures: AuditSignatures | null
    }
  | { readonly kind: 'broken'; readonly breaks: readonly [AuditBreak, ...AuditBreak[]] }

export interface VerifyOptions {
  /** A hash noted elsewhere, which has to be in the trail still. */
  readonly expected?: string | null
  /** Public keys, one of which has to have signed each checkpoint; none is looked at without. */
  readonly keys?: readonly string[]
  /** Checkpoints that were kept elsewhere: the trail has to come to each of them. */
  readonly kept?: readonly Checkpoint[]
  /** Ends the reading; then it rejects with its reason. */
  readonly signal?: AbortSignal
}

/** So many places are told at most. */
const mostBreaks = 100

/**
 * Reads a trail, its former files first, to where it ends now and says every place where it is not as it was written: a
 * line that was changed, is missing, or stands elsewhere. The chain alone cannot show that its end was cut off or that
 * all of it was rewritten: a hash or checkpoints that were kept elsewhere do. Services may go on writing. Rejects with
 * `invalid-file` for one that cannot be read.
 */
export async function verifyAuditTrail(given: string, options: VerifyOptions = {}): Promise<AuditVerdict> {
  const check = new Check(options)
  await using trail = await openTrailFiles(given)
  for (const { path: file, size, handle } of trail.files) {
    let line = 0
    for await (const { line: text, ended } of linesOf(handle, size)) {
      options.signal?.throwIfAborted()
      line += 1
      if (!check.line(text, { file, line, ended })) break
    }
  }
  return check.verdict(given)
}

interface Place {
  readonly file: string
  readonly line: number
}

class Check {
  readonly #options: VerifyOptions
  readonly #breaks: AuditBreak[] = []
  readonly #kept: ReadonlyMap<number, Checkpoint>
  /** The number of the line that should come next, and the hash it follows; null where that is not known. */
  #number = 1
  #previous: string | null = origin
  #first = 1
  /** What came before the first line and has to be told as let go. */
  #missing: (Place & { readonly to: number; readonly hash: string }) | null = null
  /** The number of the line that tells it. */
  #toldMissing = 0
  #isFirstLine = true
  #found: boolean
  #lastHash = origin
  #lastPlace: Place | null = null
  #signed = { count: 0, upTo: 0 }

  constructor(options: VerifyOptions) {
    this.#options = options
    this.#kept = new Map((options.kept ?? []).map((checkpoint) => [checkpoint.sequence, checkpoint]))
    const { expected = null } = options
    this.#found = expected === null || expected === origin
  }

  /** False where what follows in the file cannot be read. */
  line(text: Buffer, { file, line, ended }: Place & { readonly ended: boolean }): boolean {
    const place = { file, line }
    this.#lastPlace = place
    if (text.length > longestLine) return this.#end(place, 'the line is longer than any that was written')
    if (!ended) return this.#end(place, 'the line has no end: it was cut, or a crash left it')
    const entry = parseEntry(text)
    if (entry === null) {
      this.#say(place, 'the line does not match its hash')
      this.#isFirstLine = false
      this.#number += 1
      // What it was follows from the line behind it.
      this.#previous = null
      return true
    }
    this.#follow(entry, place)
    this.#look(entry, place)
    return true
  }

  #follow({ sequence, previous, hash }: AuditEntry, place: Place): void {
    if (this.#isFirstLine && sequence > 1) {
      this.#missing = { ...place, to: sequence - 1, hash: previous }
      this.#first = sequence
    } else if (sequence > this.#number) {
      this.#say(place, `${lines(this.#number, sequence - 1)} missing before it`)
    } else if (sequence < this.#number) {
      this.#say(place, `the line is number ${sequence}, and stands where ${this.#number} should`)
    } else if (this.#previous !== null && previous !== this.#previous) {
      this.#say(place, 'the line does not follow the one before it')
    }
    this.#isFirstLine = false
    this.#number = sequence + 1
    this.#previous = hash
    this.#lastHash = hash
    this.#found ||= hash === this.#options.expected
  }

  #look(entry: AuditEntry, place: Place): void {
    const kept = this.#kept.get(entry.sequence)
    if (kept !== undefined && kept.hash !== entry.hash) {
      this.#say(place, `a checkpoint that was kept elsewhere has another hash for number ${entry.sequence}`)
    }
    const { fact } = entry
    const isTold = fact.event === retiredEvent && fact['to'] === this.#missing?.to
    if (isTold && fact['hash'] === this.#missing?.hash) this.#toldMissing = entry.sequence
    if (fact.event !== checkpointEvent) return
    const checkpoint = checkpointIn(entry)
    const isOfItsPlace = checkpoint?.sequence === entry.sequence - 1 && checkpoint.hash === entry.previous
    if (checkpoint === null || !isOfItsPlace) {
      this.#say(place, 'the checkpoint is not of the line before it')
      return
    }
    const { keys } = this.#options
    if (keys === undefined) return
    const fault = faultOf(checkpoint, keys)
    if (fault !== null) this.#say(place, fault)
    else this.#signed = { count: this.#signed.count + 1, upTo: checkpoint.sequence }
  }

  verdict(path: string): AuditVerdict {
    const end = { file: this.#lastPlace?.file ?? path, line: (this.#lastPlace?.line ?? 0) + 1 }
    this.#sayMissing()
    if (!this.#found) this.#say(end, 'the expected hash is of no line: entries are gone or replaced')
    const { keys = [], kept = [] } = this.#options
    for (const checkpoint of kept) {
      const fault = faultOf(checkpoint, keys)
      if (fault !== null) this.#say(end, `of number ${checkpoint.sequence}, kept elsewhere, ${fault}`)
    }
    const furthest = Math.max(0, ...this.#kept.keys())
    if (furthest >= this.#number) {
      this.#say(end, `the trail ends at number ${this.#number - 1}; it had come to ${furthest}, by a checkpoint`)
    }
    const [first, ...more] = this.#breaks
    if (first !== undefined) return { kind: 'broken', breaks: [first, ...more] }
    return {
      kind: 'intact',
      entries: this.#number - this.#first,
      lastHash: this.#lastHash,
      first: this.#first,
      signatures: this.#options.keys === undefined ? null : this.#signed,
    }
  }

  /** Lines before the first that is kept have to be told as let go, and where signatures count, under one. */
  #sayMissing(): void {
    if (this.#missing === null) return
    const isTold = this.#toldMissing > 0
    if (isTold && (this.#options.keys === undefined || this.#signed.upTo >= this.#toldMissing)) return
    const { file, line, to } = this.#missing
    const why = isTold ? 'what says that they were let go is not signed' : 'no line says that they were let go'
    this.#breaks.unshift({ file, line, reason: `${lines(1, to)} missing before it, and ${why}` })
  }

  #end(place: Place, reason: string): false {
    this.#say(place, reason)
    this.#previous = null
    return false
  }

  #say(place: Place, reason: string): void {
    if (this.#breaks.length < mostBreaks) this.#breaks.push({ file: place.file, line: place.line, reason })
  }
}

function lines(from: number, to: number): string {
  return from === to ? `number ${from} is` : `numbers ${from} to ${to} are`
}
