import type { Taint } from '../../core/provenance.ts'
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

interface HeldRead {
  readonly read: RunRead
  /** Empty where it is compared with nothing. */
  text: string
  /** Is the text as it is compared? It is so from when something is first looked for. */
  isCompact: boolean
}

const trusted: ReadonlySet<Taint> = new Set(['operator', 'user'])

const isCompared = ({ origin }: Pick<RunRead, 'origin'>): boolean => !trusted.has(origin)

/**
 * What the model of one run has read until now. A result counts from the next turn of the model on: the other calls of its own turn
 * were written before anybody had read it. Texts are held as long as the run, to be compared with what is to run; nothing keeps them.
 */
export class RunReads {
  readonly #run: string
  readonly #held: HeldRead[] = []
  #coming: HeldRead[] = []
  #numbered = 0
  #tainted = false
  /** Of what is compared; made when something is first looked for. */
  #grams: TextGrams | null = null

  /** How often something was read: what was decided before counts no more afterwards. */
  version = 0

  /** `run` begins the ids. */
  constructor(run: string) {
    this.#run = run
  }

  /** What the model has read, what it reads next included. */
  get reads(): readonly RunRead[] {
    return [...this.#held, ...this.#coming].map(({ read }) => read)
  }

  /** Has the model read anything that somebody else may have written? */
  get isTainted(): boolean {
    return this.#tainted
  }

  /** What the model is told before its first turn. */
  begin({ origin, text }: Pick<RunRead, 'origin'> & { readonly text: string }): RunRead {
    const held = this.#numberedRead({ callId: null, tool: null, origin }, text)
    this.#take([held])
    return held.read
  }

  /** What goes back to the model for a call. */
  add({ text, ...about }: Omit<RunRead, 'id'> & { readonly text: string }): RunRead {
    const held = this.#numberedRead(about, text)
    this.#coming.push(held)
    return held.read
  }

  /** The model has written its next turn: it has read everything that was added. */
  nextTurn(): void {
    this.#take(this.#coming)
    this.#coming = []
  }

  /** Ids of what was read of somebody who is not trusted, the last ones first. */
  get untrusted(): readonly string[] {
    return this.#held.flatMap(({ read }) => (isCompared(read) ? [read.id] : [])).toReversed()
  }

  /** Ids of what was read of somebody who is not trusted and holds this text, which `compactText` has made. */
  holding(compact: string): readonly string[] {
    if (!this.#comparable().mayHold(compact)) return []
    return this.#held.flatMap(({ read, text }) => (isCompared(read) && text.includes(compact) ? [read.id] : []))
  }

  /** Makes what was read since the last time as it is compared. */
  #comparable(): TextGrams {
    const added = this.#held.filter(({ read, isCompact }) => isCompared(read) && !isCompact)
    for (const held of added) {
      held.text = compactRead(held.text)
      held.isCompact = true
    }
    const characters = this.#held.reduce((sum, { text }) => sum + text.length, 0)
    const before = this.#grams?.isLargeEnough(characters) === true ? this.#grams : null
    const grams = before ?? new TextGrams(characters)
    for (const { text } of before === null ? this.#held : added) grams.add(text)
    this.#grams = grams
    return grams
  }

  #numberedRead(about: Omit<RunRead, 'id'>, text: string): HeldRead {
    this.#numbered += 1
    const read = { id: `${this.#run}/read-${this.#numbered}`, ...about }
    return { read, text: isCompared(read) ? text : '', isCompact: false }
  }

  #take(held: readonly HeldRead[]): void {
    if (held.length === 0) return
    this.#held.push(...held)
    this.#tainted ||= held.some(({ read }) => isCompared(read))
    this.version += 1
  }
}
