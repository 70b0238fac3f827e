import type { Taint } from '../../core/provenance.ts'
import { isTrusted } from '../lineage.ts'
import { compactRead } from './compact-text.ts'
import { TextGrams } from './text-grams.ts'

/** One thing that a run has read: ids and where it came from, never what it says. */
export interface RunRead {
  /** Unique over all runs: it begins with the id of the request. */
  readonly id: string
  /** The call whose result or failure it is; null for what stood there before the run. */
  readonly callId: string | null
  readonly tool: string | null
  readonly origin: Taint
}

interface Begun extends Pick<RunRead, 'origin'> {
  /** Of a file, which is looked in as well. */
  readonly name?: string
  readonly text: string
}

/** The text is the one that the run's conversation holds, and no copy of it. */
interface HeldRead extends Omit<RunRead, 'id'> {
  readonly number: number
  readonly name: string | null
  readonly text: string
}

/** What was read as it is compared: by the places of the reads, empty for what is compared with nothing. */
interface Compared {
  readonly texts: string[]
  grams: TextGrams
}

const isCompared = ({ origin }: Pick<RunRead, 'origin'>): boolean => !isTrusted(origin)

/**
 * What the model of one run has read until now. A result counts from the next turn of the model on: the other calls of its own turn
 * were written before anybody had read it. What is needed to look something up in it is made when something is looked up, and goes
 * when memory is wanted: a run that waits for its model, or has ended, holds none of it.
 */
export class RunReads {
  readonly #run: string
  readonly #held: HeldRead[] = []
  /** How many of these the model has read. */
  #read = 0
  #tainted = false
  #compared: WeakRef<Compared> | null = null

  /** How often something was read: what was decided before counts no more afterwards. */
  version = 0

  /** `run` begins the ids. */
  constructor(run: string) {
    this.#run = run
  }

  /** What the model has read, what it reads next included. */
  get reads(): readonly RunRead[] {
    return this.#held.map((held) => this.#named(held))
  }

  /** Has the model read anything that somebody else may have written? */
  get isTainted(): boolean {
    return this.#tainted
  }

  /** What the model is told before its first turn. */
  begin({ origin, text, name }: Begun): RunRead {
    const held = this.#heldRead({ callId: null, tool: null, origin }, text, name)
    this.#held.splice(this.#read, 0, held)
    this.#take(1)
    return this.#named(held)
  }

  /** What goes back to the model for a call. */
  add({ text, ...about }: Omit<RunRead, 'id'> & { readonly text: string }): RunRead {
    const held = this.#heldRead(about, text)
    this.#held.push(held)
    return this.#named(held)
  }

  /** The model has written its next turn: it has read everything that was added. */
  nextTurn(): void {
    this.#take(this.#held.length - this.#read)
  }

  /** Ids of what was read of somebody who is not trusted, the last ones first. */
  get untrusted(): readonly string[] {
    return this.#held
      .slice(0, this.#read)
      .filter(isCompared)
      .map(({ number }) => this.#idOf(number))
      .toReversed()
  }

  /** Ids of what was read of somebody who is not trusted and holds this text, which `compactText` has made. */
  holding(compact: string): readonly string[] {
    const { texts, grams } = this.#comparable()
    if (!grams.mayHold(compact)) return []
    return this.#held
      .slice(0, this.#read)
      .filter((held, place) => isCompared(held) && texts[place]?.includes(compact) === true)
      .map(({ number }) => this.#idOf(number))
  }

  /** Makes what was read since the last time as it is compared, and all of it where that is gone. */
  #comparable(): Compared {
    const before = this.#compared?.deref()
    const texts = before?.texts ?? []
    const known = texts.length
    if (before !== undefined && known === this.#read) return before
    for (const held of this.#held.slice(known, this.#read)) texts.push(comparedText(held))
    const characters = texts.reduce((sum, text) => sum + text.length, 0)
    const isEnough = before?.grams.isLargeEnough(characters) === true
    const grams = isEnough ? before.grams : new TextGrams(characters)
    for (const text of isEnough ? texts.slice(known) : texts) grams.add(text)
    if (before === undefined) {
      const compared = { texts, grams }
      this.#compared = new WeakRef(compared)
      return compared
    }
    before.grams = grams
    return before
  }

  #heldRead({ callId, tool, origin }: Omit<RunRead, 'id'>, text: string, name: string | null = null): HeldRead {
    const number = this.#held.length + 1
    return { number, callId, tool, origin, name, text: isCompared({ origin }) ? text : '' }
  }

  /** The model has read the next ones, too. */
  #take(count: number): void {
    if (count === 0) return
    this.#read += count
    this.#tainted ||= this.#held.slice(this.#read - count, this.#read).some(isCompared)
    this.version += 1
  }

  #named({ number, callId, tool, origin }: HeldRead): RunRead {
    return { id: this.#idOf(number), callId, tool, origin }
  }

  #idOf(number: number): string {
    return `${this.#run}/read-${number}`
  }
}

function comparedText(held: HeldRead): string {
  if (!isCompared(held)) return ''
  return compactRead(held.name === null ? held.text : `${held.name} ${held.text}`)
}
