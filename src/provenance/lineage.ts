import type { Taint, Thing, ThingKind } from '../core/provenance.ts'
import type { Origin } from './declarations.ts'

/** The sandbox that a session has now. */
export const sandboxThing = 'sandbox'

/** What the model of a session has read so far, and whatever it writes from then on. */
export const modelThing = 'model'

/** A file of a session, by its path below `/mnt/data`. */
export const fileThing = (path: string): string => `file:${path}`

const trusted: ReadonlySet<Taint> = new Set(['operator', 'user'])

export const isTrusted = (taint: Taint): boolean => trusted.has(taint)

/**
 * What everything in a conversation was made of: ids and origins, never contents, so that it can be kept and told to the audit
 * trail. What is made of several things has the origins of all of them, and none is ever taken away: a thing that is made again of
 * less keeps what it had.
 */
export class Lineage {
  readonly #things = new Map<
    string,
    { readonly kind: ThingKind; readonly origins: Set<Taint>; readonly from: Set<string> }
  >()

  /** Says that something came from outside. */
  read(id: string, origin: Origin): void {
    this.#take(id, 'read', [origin], [])
  }

  /** Says that something came from outside of which this is known: a stored file, an earlier turn. Of what nothing is known, `unknown`. */
  bring(id: string, kind: ThingKind, origins: readonly Taint[]): void {
    this.#take(id, kind, origins.length === 0 ? ['unknown'] : origins, [])
  }

  /** Says that something was made of others. An id that nobody has named makes it `unknown`; so does being made of nothing. */
  make(id: string, kind: ThingKind, from: readonly string[]): void {
    this.#take(id, kind, from.length === 0 ? ['unknown'] : from.flatMap((source) => this.originsOf(source)), from)
  }

  /** Says that a program in a sandbox had these before it: whatever it makes from now on is made of them, too. */
  enter(sandbox: string, from: readonly string[]): void {
    this.#take(
      sandbox,
      'sandbox',
      from.flatMap((source) => this.originsOf(source)),
      from,
    )
  }

  /** Says that a sandbox was thrown away and is another one. */
  renew(sandbox: string): void {
    this.#things.delete(sandbox)
  }

  originsOf(id: string): readonly Taint[] {
    return [...(this.#things.get(id)?.origins ?? ['unknown' as const])].toSorted()
  }

  /** All of it, as it can be kept. */
  get things(): readonly Thing[] {
    return [...this.#things].map(([id, { kind, origins, from }]) => ({
      id,
      kind,
      origins: [...origins].toSorted(),
      from: [...from].toSorted(),
    }))
  }

  #take(id: string, kind: ThingKind, origins: readonly Taint[], from: readonly string[]): void {
    const before = this.#things.get(id)
    this.#things.set(id, {
      kind: before?.kind ?? kind,
      origins: new Set([...(before?.origins ?? []), ...origins]),
      from: new Set([...(before?.from ?? []), ...from]),
    })
  }
}
