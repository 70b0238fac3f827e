import type { LexiconEntry } from '../../src/filters/toxicity/lexicon.ts'
import type { ToxicityKind } from '../../src/filters/toxicity/categories.ts'
import { adjectives, nouns, verbs } from '../names/gazetteers.ts'
import { Chance } from '../random.ts'
import type { TemplateSet } from './template-set.ts'
import { benignSets } from './templates/benign.ts'
import { toxicSets } from './templates/toxic.ts'
import { lists, smallWords } from './word-lists.ts'

export interface MadeText {
  readonly text: string
  readonly kinds: readonly ToxicityKind[]
  /** Name of the set of templates. */
  readonly of: string
}

export type Half = 'training' | 'held-out'

/** One template of eight is held out, by its place. */
const heldOut = (lines: readonly string[], half: Half): readonly string[] =>
  lines.filter((_, at) => (at % 8 === 3) === (half === 'held-out'))

const sentenceCounts = [1, 1, 1, 2, 2, 3, 4, 5] as const
const toxicShare = 45
const bagShare = 12
/** So many of a hundred benign texts have words in them that mean nothing there. */
const strayShare = 45
/** Classes of which a word or two say nothing. */
const strays = [
  'demean',
  'hate',
  'insult',
  'humiliate',
  'injure',
  'kill',
  'gore',
  'weapon',
  'sexual-body',
  'sexual-act',
  'self-harm-sign',
  'identity',
  'identity',
  'kin',
  'minor',
  'victim',
  'profanity',
] as const

/** Makes texts of which it is known what they are; the same ones for the same seed. */
export class Generator {
  readonly #chance: Chance
  readonly #half: Half
  readonly #words = new Map<string, readonly string[]>()
  #person: readonly [string, string, string] = ['she', 'her', 'her']

  constructor(seed: number, half: Half, entries: readonly LexiconEntry[]) {
    this.#chance = new Chance(seed)
    this.#half = half
    const byClass = Map.groupBy(entries, ({ wordClass }) => wordClass)
    for (const [name, of] of byClass)
      this.#words.set(
        name,
        of.map(({ words }) => words.join(' ')),
      )
    for (const [name, of] of Object.entries(lists)) this.#words.set(name, of)
    // What the lexicon knows is no everyday word.
    const known = new Set(entries.map(({ words }) => words.join(' ')))
    const plain = (all: readonly string[]) => all.filter((word) => !known.has(word))
    this.#words.set('noun', plain(nouns))
    this.#words.set('verb', plain(verbs))
    this.#words.set('adjective', plain(adjectives))
  }

  text(): MadeText {
    return this.#chance.percent(toxicShare) ? this.ofSet(this.#chance.pick(toxicSets)) : this.benign()
  }

  benign(): MadeText {
    if (this.#chance.percent(bagShare)) return { text: this.#bag(), kinds: [], of: 'words' }
    return this.ofSet(this.#chance.pick(benignSets))
  }

  /** One to five sentences of a set, among others that are of no kind. */
  ofSet({ name, kinds, lines }: TemplateSet): MadeText {
    const chance = this.#chance
    this.#person = chance.pick([
      ['she', 'her', 'her'],
      ['he', 'his', 'him'],
      ['they', 'their', 'them'],
    ] as const)
    const own = heldOut(lines, this.#half)
    const sentences = Array.from({ length: chance.pick(sentenceCounts) }, () => this.#fill(chance.pick(own)))
    const others = chance.percent(45) ? chance.between(1, 3) : 0
    for (let count = 0; count < others; count += 1) {
      const place = chance.between(0, sentences.length)
      sentences.splice(place, 0, chance.percent(30) ? this.#bag() : this.#other())
    }
    const text = sentences.join(chance.pick([' ', ' ', ' ', '\n', '\n\n']))
    const isStrayed = kinds.length === 0 && chance.percent(strayShare)
    return { text: this.#written(isStrayed ? this.#strayed(text) : text), kinds, of: name }
  }

  /** With one to three words of the lexicon somewhere, as they come up in any text. */
  #strayed(text: string): string {
    const words = text.split(' ')
    for (let count = this.#chance.pick([1, 1, 2, 3]); count > 0; count -= 1) {
      words.splice(this.#chance.between(0, words.length), 0, this.#word(this.#chance.pick(strays)))
    }
    return words.join(' ')
  }

  #other(): string {
    const { lines } = this.#chance.pick(benignSets.filter(({ name }) => around.has(name)))
    return this.#fill(this.#chance.pick(heldOut(lines, this.#half)))
  }

  /** Words as they come: what follows on another says nothing. */
  #bag(): string {
    const chance = this.#chance
    const one = () =>
      chance.percent(60) ? chance.pick(smallWords) : this.#word(chance.pick(['noun', 'verb', 'adjective']))
    return `${Array.from({ length: chance.between(5, 25) }, one).join(' ')}.`
  }

  /** People write small, loud, or without signs. */
  #written(text: string): string {
    const way = this.#chance.between(0, 19)
    if (way < 4) return text.toLowerCase()
    if (way === 4) return text.toUpperCase()
    return way < 7 ? text.replace(/[.,!?]/g, '') : text
  }

  #word(slot: string): string {
    const known = this.#words.get(slot)
    if (known === undefined) throw new Error(`A template has a place that nobody fills: ${slot}`)
    return this.#chance.pick(known)
  }

  #fill(template: string): string {
    const [they, their, them] = this.#person
    const chosen = template.replace(/\[([^[\]]*)\]/g, (_, options: string) => this.#chance.pick(options.split('|')))
    return chosen.replace(/\{([a-z-]+)\}/g, (_, slot: string) => {
      if (slot === 'they') return they
      if (slot === 'their') return their
      if (slot === 'them') return them
      return slot === 'number' ? String(this.#chance.between(1, 99)) : this.#word(slot)
    })
  }
}

/** Sets whose lines may stand around those of others. */
const around: ReadonlySet<string> = new Set(['everyday', 'clean-fiction'])
