import { randomUUID } from 'node:crypto'
import type { Principal } from '../core/principal.ts'

export interface FairCacheOptions {
  readonly timeToLiveMilliseconds: number
  /** Of all that is kept. */
  readonly maximumBytes: number
  /** Milliseconds since any fixed point, never jumping: what is kept lives as long as was said, whatever is done to the wall clock. */
  readonly now?: (() => number) | undefined
}

/** Whose room something takes: a key's, and in it that of the person whom it asks for. */
export type CacheOwner = Pick<Principal, 'id' | 'endUser'>

interface Shelved<Thing> {
  readonly thing: Thing
  readonly owner: CacheOwner
  readonly expires: number
}

interface Held {
  bytes: number
}

interface PersonHeld extends Held {
  /** Oldest first. */
  readonly ids: Set<string>
}

interface KeyHeld extends Held {
  readonly persons: Map<string, PersonHeld>
}

/**
 * Things of callers for a while, in memory. Where the room is used up, the oldest of whoever has the most goes, so that one who makes many ends their own
 * first and nobody else's early; keys are compared with keys, and in a key its persons. Whoever puts something has that much more.
 */
export class FairCache<Thing extends { readonly content: Buffer }> {
  readonly #options: FairCacheOptions
  readonly #now: () => number
  /** In the order of their ends. */
  readonly #shelved = new Map<string, Shelved<Thing>>()
  readonly #keys = new Map<string, KeyHeld>()
  #bytes = 0

  constructor(options: FairCacheOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /** Its id, and when its time is over; null where it is larger than all that may be kept. */
  put(owner: CacheOwner, thing: Thing): { readonly id: string; readonly expires: number } | null {
    const { length: size } = thing.content
    const { maximumBytes, timeToLiveMilliseconds } = this.#options
    if (size > maximumBytes) return null
    this.#dropExpired()
    while (this.#bytes + size > maximumBytes) this.#drop(this.#nextToGo(owner, size))
    const id = randomUUID()
    const expires = this.#now() + timeToLiveMilliseconds
    this.#shelved.set(id, { thing, owner, expires })
    const { key, person } = this.#heldBy(owner)
    person.ids.add(id)
    for (const held of [key, person]) held.bytes += size
    this.#bytes += size
    return { id, expires }
  }

  /** Null for what is not there, and for what is too old. */
  get(id: string): Shelved<Thing> | null {
    const found = this.#shelved.get(id)
    return found === undefined || found.expires <= this.#now() ? null : found
  }

  /** Those of one person, newest last. */
  of({ id: key, endUser = '' }: CacheOwner): readonly { readonly id: string; readonly thing: Thing }[] {
    const ids = [...(this.#keys.get(key)?.persons.get(endUser)?.ids ?? [])]
    return ids.flatMap((id) => {
      const found = this.get(id)
      return found === null ? [] : [{ id, thing: found.thing }]
    })
  }

  #nextToGo(owner: CacheOwner, more: number): string {
    const [name, key] = largest(this.#keys, owner.id, more)
    const [, person] = largest(key.persons, name === owner.id ? (owner.endUser ?? '') : null, more)
    const [oldest = ''] = person.ids
    return oldest
  }

  #heldBy({ id, endUser = '' }: CacheOwner): { readonly key: KeyHeld; readonly person: PersonHeld } {
    const key = this.#keys.get(id) ?? { bytes: 0, persons: new Map<string, PersonHeld>() }
    const person = key.persons.get(endUser) ?? { bytes: 0, ids: new Set<string>() }
    this.#keys.set(id, key)
    key.persons.set(endUser, person)
    return { key, person }
  }

  #drop(id: string): void {
    const shelved = this.#shelved.get(id)
    if (shelved === undefined) throw new Error('What is to go has to be there.')
    const { owner, thing } = shelved
    const { key, person } = this.#heldBy(owner)
    this.#shelved.delete(id)
    person.ids.delete(id)
    for (const held of [key, person]) held.bytes -= thing.content.length
    this.#bytes -= thing.content.length
    if (person.ids.size === 0) key.persons.delete(owner.endUser ?? '')
    if (key.persons.size === 0) this.#keys.delete(owner.id)
  }

  #dropExpired(): void {
    const now = this.#now()
    for (const [id, { expires }] of this.#shelved) {
      if (expires > now) return
      this.#drop(id)
    }
  }
}

/** Whoever has the most of those who have something, `more` added to what one of them has. */
function largest<T extends Held>(
  all: ReadonlyMap<string, T>,
  adding: string | null,
  more: number,
): readonly [string, T] {
  const sizeOf = ([name, { bytes }]: readonly [string, T]) => bytes + (name === adding ? more : 0)
  return [...all].reduce((most, each) => (sizeOf(each) > sizeOf(most) ? each : most))
}
