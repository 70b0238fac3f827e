import type { Origin, ToolDeclaration } from './declarations.ts'
import { addressesIn, addressOf, type Address } from './address-forms.ts'
import type { TrustedWords } from './trusted-words.ts'
import { isSmall, stemOf, wordsOf } from './words.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
type JsonObject = Readonly<Record<string, Json>>

/** One result of a tool that came back. */
export interface Read {
  readonly id: string
  readonly tool: string
  readonly origin: Origin
  /** What named the place that was read: a link, a name of a file. */
  readonly place: string | null
  /** Texts that it was asked with. */
  readonly asked: readonly string[]
  readonly trusted: boolean
  /** What the tool was given. */
  readonly given: JsonObject
}

interface RecordRead {
  readonly kind: string
  readonly id: string | null
  readonly names: readonly string[]
  /** These as they are compared: with letters and blanks of one form. */
  readonly compared: readonly string[]
  /** What tells it from others: its id, or all of it. */
  readonly key: string
  readonly members: JsonObject
  readonly read: string
}

const longestAtom = 64

/** What a run has read until now, so that what a call is given can be followed to where it came from. */
export class ReadLedger {
  readonly #reads: Read[] = []
  readonly #records: RecordRead[] = []
  readonly #rosters = new Map<string, Set<string>>()
  readonly #atoms = new Set<string>()
  readonly #own = new Set<string>()
  /** Addresses by the place that they were read at. */
  readonly #places = new Map<string, Address[]>()
  readonly #results: { readonly read: string; readonly result: Json }[] = []
  #tainted = false

  /** How often something was added: what was decided before counts no more afterwards. */
  version = 0

  get reads(): readonly Read[] {
    return this.#reads
  }

  /** Has anything been read that somebody else may have written? */
  get isTainted(): boolean {
    return this.#tainted
  }

  /** Says that something was read which nobody can follow any more: history that a client sends, a sandbox that goes on. */
  addUntraced(): void {
    this.#tainted = true
    this.version += 1
  }

  add(tool: string, declared: ToolDeclaration, given: JsonObject, result: Json): Read {
    const { origin, locator, roster, records, trusted } = declared.result
    const place = locator === undefined ? null : given[locator]
    const id = `read-${this.#reads.length + 1}`
    const read: Read = {
      id,
      tool,
      origin,
      place: typeof place === 'string' ? place : null,
      asked: textsIn(Object.values(given)),
      trusted,
      given,
    }
    this.#reads.push(read)
    if (!trusted) this.#tainted = true
    this.version += 1
    if (records !== undefined) for (const found of objectsIn(result)) this.#addRecord(found, records, read)
    const texts = textsIn(result)
    for (const text of texts) if (isAtom(text)) this.#atoms.add(text.toLowerCase())
    if (roster !== undefined) {
      const { of, member } = roster
      const members = this.#rosters.get(of) ?? new Set()
      const listed = member === undefined ? texts : objectsIn(result).flatMap((found) => valuesOf(found[member]))
      for (const text of listed) if (isAtom(text)) members.add(text)
      this.#rosters.set(of, members)
    }
    this.#results.push({ read: id, result })
    if (read.place !== null) {
      const before = this.#places.get(read.place) ?? []
      this.#places.set(read.place, [...before, ...addressesIn(texts.join('\n'))])
    }
    if (declared.effect === 'changes' && records?.id !== undefined) {
      // What a step has made is what it answers with, and nothing within that.
      const made = isObject(result) ? idIn(result[records.id]) : undefined
      if (made !== undefined) this.#own.add(`${records.kind} ${made}`)
    }
    return read
  }

  #addRecord(
    members: JsonObject,
    { kind, id, names }: NonNullable<ToolDeclaration['result']['records']>,
    read: Read,
  ): void {
    const own = id === undefined ? null : idIn(members[id])
    if (own === undefined) return
    const named = names.flatMap((name) => {
      const value = members[name]
      return typeof value === 'string' ? [value] : []
    })
    const key = `${kind} ${own ?? JSON.stringify(members)}`
    this.#records.push({ kind, id: own, names: named, compared: named.map(comparedName), key, members, read: read.id })
  }

  /** Was this made by a call of this run that was allowed? */
  isOwn(kind: string, id: string): boolean {
    return this.#own.has(`${kind} ${id}`)
  }

  isMember(roster: string, value: string): boolean {
    return this.#rosters.get(roster)?.has(value) === true
  }

  isAtom(text: string): boolean {
    return this.#atoms.has(text)
  }

  /**
   * Is it the id of the one record of its kind that has a name in the words of the person, or of the only one that was found by
   * what they call it? Words of all of `common`, stems of what tools act on, are a name only where they are quoted.
   */
  isNamed(kind: string, id: string, words: TrustedWords, common: ReadonlySet<string>): boolean {
    const of = this.#records.filter((record) => record.kind === kind)
    return of.some(
      (record) => record.id === id && (this.#isOnlyFound(record, words) || this.#isCalled(record, of, words, common)),
    )
  }

  /** Has it a name in the words that no other of these has, and that is no part of a longer name of another one? */
  #isCalled(
    { key, names }: RecordRead,
    of: readonly RecordRead[],
    words: TrustedWords,
    common: ReadonlySet<string>,
  ): boolean {
    const others = of.flatMap((other) => (other.key === key ? [] : other.compared))
    return names.some((name) => {
      const own = comparedName(name)
      return (
        saysName(words, name, common) &&
        !others.some((other) => other === own || (other.includes(own) && saysName(words, other, common)))
      )
    })
  }

  #isOnlyFound({ read, kind }: RecordRead, words: TrustedWords): boolean {
    const asked = this.#reads.find(({ id }) => id === read)?.asked ?? []
    const found = this.#records.filter((record) => record.read === read && record.kind === kind)
    return found.length === 1 && asked.length > 0 && asked.every((text) => words.says(text))
  }

  /** Does it stand in one of these members of the one record that has a name in the words of the person? */
  isOfNamed(fields: readonly string[], value: string, words: TrustedWords, common: ReadonlySet<string>): boolean {
    return this.#records.some(
      (record) =>
        fields.some((field) => valuesOf(record.members[field]).includes(value)) &&
        this.#isCalled(record, this.#records, words, common),
    )
  }

  /** Was this address read at a place that the person names? A page that they name is to be read, and not what it links to. */
  isAddressAt(address: Address, words: TrustedWords): boolean {
    return [...this.#places].some(
      ([place, addresses]) =>
        addressOf(place) === null && words.says(place) && addresses.some((other) => isSame(other, address)),
    )
  }

  /** Is it the only address of its form at a place, or of a speaker, that the person names? */
  isOnlyAddressAt(address: Address, words: TrustedWords): boolean {
    // Words like "the page" are about the link that the person has given.
    if (address.form === 'link' && words.hasAddress('link')) return false
    const isOnly = (addresses: readonly Address[]) => {
      const alike = addresses.filter(({ form }) => form === address.form)
      return alike.length > 0 && alike.every((other) => isSame(other, address))
    }
    const speakers = this.#records.filter(({ id, read }) => id === null && this.#placeOf(read) !== null)
    const spokenAt = new Set(speakers.map(({ read }) => this.#placeOf(read)))
    for (const [place, addresses] of this.#places)
      if (!spokenAt.has(place) && words.says(place) && isOnly(addresses)) return true
    const named = speakers.filter(
      ({ names, read }) => words.says(this.#placeOf(read) ?? '') && names.some((name) => words.says(name)),
    )
    return isOnly(named.flatMap(({ members }) => addressesIn(textsIn(members).join('\n'))))
  }

  #placeOf(read: string): string | null {
    return this.#reads.find(({ id }) => id === read)?.place ?? null
  }

  /** Ids of the reads in which a value stands; none for one that a model has made up. */
  sourcesOf(value: string): readonly string[] {
    const wanted = value.toLowerCase()
    return this.#results
      .filter(({ result }) =>
        textsIn(result).some((text) =>
          wanted.length < 4 ? text.toLowerCase() === wanted : text.toLowerCase().includes(wanted),
        ),
      )
      .map(({ read }) => read)
  }
}

/** A file is called by its name without its ending, too, and with spaces for what stands between its words. */
function saysName(words: TrustedWords, name: string, common: ReadonlySet<string>): boolean {
  const alone = name.replace(/\.[a-z0-9]{1,5}$/i, '').replaceAll(/[-_]+/g, ' ')
  const isCommon = wordsOf(alone).every((word) => isSmall(word) || common.has(stemOf(word)))
  if (isCommon) return words.quotes(name) || (/\.[a-z0-9]{1,5}$/i.test(name) && words.names(name))
  return words.names(name) || words.names(alone, name)
}

function comparedName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase().replaceAll(/\s+/g, ' ')
}

function isSame(left: Address, right: Address): boolean {
  return left.form === right.form && left.compared === right.compared
}

function isAtom(text: string): boolean {
  return text.length > 0 && text.length <= longestAtom && !text.includes('\n')
}

/** All texts in a value, the names of its members too: some tools answer with objects whose names are data. However deep it is. */
export function textsIn(value: Json): readonly string[] {
  const texts: string[] = []
  for (const part of partsOf(value)) {
    if (typeof part === 'string') texts.push(part)
    else if (typeof part === 'number') texts.push(String(part))
    else if (isObject(part)) texts.push(...Object.keys(part))
  }
  return texts
}

function objectsIn(value: Json): readonly JsonObject[] {
  return partsOf(value).filter(isObject)
}

/** A value and all that is in it, in no order that means anything. */
function partsOf(value: Json): readonly Json[] {
  const parts: Json[] = [value]
  for (const part of parts) {
    if (part === null || typeof part !== 'object') continue
    for (const inner of isList(part) ? part : Object.values(part)) parts.push(inner)
  }
  return parts
}

/** Undefined for what cannot name a record. */
function idIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function valuesOf(value: Json | undefined): readonly string[] {
  return value === undefined ? [] : textsIn(value)
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !isList(value)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
