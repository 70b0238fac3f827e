import { taints, thingKinds, type Taint, type Thing, type ThingKind } from '../core/provenance.ts'
import type { Origin } from './declarations.ts'

/** The sandbox that a session has now. */
export const sandboxThing = 'sandbox'

/** What the model of a session has read so far, and whatever it writes from then on. */
export const modelThing = 'model'

/** A file of a session, by its path below `/mnt/data`. */
export const fileThing = (path: string): string => `file:${path}`

const trusted: ReadonlySet<Taint> = new Set(['operator', 'user'])

export const isTrusted = (taint: Taint): boolean => trusted.has(taint)

/** A bit for each of the taints, in their order; what is none of them, as another version may have kept it, is `unknown`. */
const bitOf = (origin: Taint): number => 1 << taints.indexOf(taints.includes(origin) ? origin : 'unknown')

const bitsOf = (origins: readonly Taint[]): number => origins.reduce((bits, origin) => bits | bitOf(origin), 0)

const originsOfBits = (bits: number): readonly Taint[] =>
  taints.filter((taint) => (bits & bitOf(taint)) !== 0).toSorted()

const unknown = bitOf('unknown')
const everyTaint = bitsOf(taints)

/**
 * What everything in a conversation was made of: ids and origins, never contents, so that it can be kept and told to the audit
 * trail. What is made of several things has the origins of all of them, and none is ever taken away: a thing that is made again of
 * less keeps what it had.
 */
export class Lineage {
  /** By id: where it came from as bits, and above these what it is. A session keeps this for as long as it lives. */
  readonly #things = new Map<string, number>()
  /** Ids of what each was made of; without those that were made of nothing. */
  readonly #sources = new Map<string, string[]>()

  /** Says that something came from outside. */
  read(id: string, origin: Origin): void {
    this.#take(id, 'read', bitsOf([origin]), [])
  }

  /** Says that something came from outside of which this is known: a stored file, an earlier turn. Of what nothing is known, `unknown`. */
  bring(id: string, kind: ThingKind, origins: readonly Taint[]): void {
    this.#take(id, kind, bitsOf(origins) || unknown, [])
  }

  /** Says that something was made of others. An id that nobody has named makes it `unknown`; so does being made of nothing. */
  make(id: string, kind: ThingKind, from: readonly string[]): void {
    this.#take(id, kind, from.length === 0 ? unknown : this.#bitsOfAll(from), from)
  }

  /** Says that a program in a sandbox had these before it: whatever it makes from now on is made of them, too. */
  enter(sandbox: string, from: readonly string[]): void {
    this.#take(sandbox, 'sandbox', this.#bitsOfAll(from), from)
  }

  /** Says that a sandbox was thrown away and is another one. */
  renew(sandbox: string): void {
    this.#things.delete(sandbox)
    this.#sources.delete(sandbox)
  }

  /** Sorted. */
  originsOf(id: string): readonly Taint[] {
    return originsOfBits(this.#bitsOf(id))
  }

  /** All of it, as it can be kept. */
  get things(): readonly Thing[] {
    return [...this.#things].map(([id, known]) => ({
      id,
      kind: thingKinds[known >> taints.length]!,
      origins: originsOfBits(known),
      from: (this.#sources.get(id) ?? []).toSorted(),
    }))
  }

  #bitsOf(id: string): number {
    return this.#things.get(id) ?? unknown
  }

  #bitsOfAll(sources: readonly string[]): number {
    return sources.reduce((bits, source) => bits | this.#bitsOf(source), 0) & everyTaint
  }

  #take(id: string, kind: ThingKind, bits: number, from: readonly string[]): void {
    const before = this.#things.get(id) ?? thingKinds.indexOf(kind) << taints.length
    this.#things.set(id, before | bits)
    if (from.length === 0) return
    const sources = this.#sources.get(id) ?? []
    for (const source of from) if (!sources.includes(source)) sources.push(source)
    this.#sources.set(id, sources)
  }
}
