import { nameKinds } from '../../src/filters/names/labels.ts'
import { Chance } from '../random.ts'
import type { Language } from './gazetteers.ts'
import { plainWord } from './sentence-words.ts'
import { technicalText } from './technical-text.ts'
import { englishPlain, englishSentences } from './templates/english.ts'
import { frenchPlain, frenchSentences } from './templates/french.ts'
import { germanPlain, germanSentences } from './templates/german.ts'
import { spanishPlain, spanishSentences } from './templates/spanish.ts'
import { Values, type Half } from './values.ts'

/** A name in a made text; `kind` is a place in `nameKinds`. */
export interface MadeSpan {
  readonly start: number
  readonly end: number
  readonly kind: number
}

export interface MadeText {
  readonly text: string
  readonly spans: readonly MadeSpan[]
}

const kindByPlace: Readonly<Record<string, (typeof nameKinds)[number]>> = {
  person: 'person',
  full: 'person',
  given: 'person',
  surname: 'person',
  org: 'organization',
  address: 'address',
  street: 'address',
  loc: 'location',
  city: 'location',
  country: 'location',
}

/** One template of eight is held out, by its place. */
const heldOut = (templates: readonly string[], half: Half) =>
  templates.filter((_, at) => (at % 8 === 5) === (half === 'held-out'))

const templates = {
  english: [englishSentences, englishPlain],
  german: [germanSentences, germanPlain],
  french: [frenchSentences, frenchPlain],
  spanish: [spanishSentences, spanishPlain],
} as const satisfies Record<Language, readonly [readonly string[], readonly string[]]>

/** Makes texts of which it is known where the names are; the same ones for the same seed. */
export class Generator {
  readonly #chance: Chance
  readonly #half: Half
  readonly #values: Readonly<Record<Language, Values>>

  constructor(seed: number, half: Half) {
    this.#chance = new Chance(seed)
    this.#half = half
    const of = (language: Language) => new Values(this.#chance, language, half)
    this.#values = { english: of('english'), german: of('german'), french: of('french'), spanish: of('spanish') }
  }

  /** One to six sentences, most of which hold names. */
  text(language: Language): MadeText {
    const count = this.#chance.pick([1, 1, 1, 2, 3, 4, 6])
    let made: MadeText = { text: '', spans: [] }
    for (let sentence = 0; sentence < count; sentence += 1) {
      const next = this.#chance.percent(28) ? this.plain(language) : this.sentence(language)
      made = joined(made, next, this.#chance.pick([' ', ' ', ' ', '\n', '\n\n']))
    }
    return made
  }

  sentence(language: Language): MadeText {
    const [sentences] = templates[language]
    return this.#fill(this.#chance.pick(heldOut(sentences, this.#half)), language)
  }

  /** Texts without names: prose, titles, and what stands in files of programs. */
  plain(language: Language): MadeText {
    const [, plain] = templates[language]
    return this.#fill(this.#chance.pick(heldOut(plain, this.#half)), language)
  }

  technical(): MadeText {
    return { text: technicalText(this.#chance), spans: [] }
  }

  #fill(template: string, language: Language): MadeText {
    let text = ''
    const spans: MadeSpan[] = []
    const chosen = this.#choose(template.replaceAll(String.raw`\n`, '\n')).replaceAll(',?', () =>
      this.#chance.percent(50) ? ',' : '',
    )
    const places = /\{([A-Za-z]+(?:\|[a-z]+)?)\}/g
    let done = 0
    for (const match of chosen.matchAll(places)) {
      text += chosen.slice(done, match.index)
      done = match.index + match[0].length
      const [first = '', second] = (match[1] ?? '').split('|')
      const isLower = second === 'lower'
      const place = second !== undefined && !isLower && this.#chance.percent(50) ? second : first
      const kind = kindByPlace[place]
      const value = this.#value(place, language)
      if (kind !== undefined) {
        const shown = isLower ? value.toLowerCase() : value
        // An article stands before the name of a country and is none of it.
        const skipped = kind === 'location' && /^the /i.test(shown) ? 4 : 0
        spans.push({ start: text.length + skipped, end: text.length + shown.length, kind: nameKinds.indexOf(kind) })
        text += shown
      } else text += value
    }
    text += chosen.slice(done)
    return { text: text.charAt(0) + text.slice(1), spans }
  }

  #value(place: string, language: Language): string {
    const name = place === 'org' ? 'organization' : place === 'loc' ? 'location' : place
    const value =
      kindByPlace[place] === undefined ? plainWord(place, language, this.#chance) : this.#values[language].make(name)
    if (value === null) throw new Error(`A template has a place that nobody fills: ${place}`)
    return value
  }

  /** One of each `[a|b]`, the inner ones first. */
  #choose(template: string): string {
    let text = template
    // A bar inside of braces is not one of the choices.
    for (let before = ''; before !== text;) {
      before = text
      text = text.replace(/\[((?:[^[\]{}]|\{[^}]*\})*)\]/g, (_whole, inner: string) => {
        const options = inner.match(/(?:[^|{}]|\{[^}]*\})+|(?<=\||^)(?=\||$)/g) ?? ['']
        return this.#chance.pick(options)
      })
    }
    return text
  }
}

function joined(one: MadeText, other: MadeText, joint: string): MadeText {
  if (one.text === '') return other
  const offset = one.text.length + joint.length
  const moved = other.spans.map(({ start, end, kind }) => ({ start: start + offset, end: end + offset, kind }))
  return { text: `${one.text}${joint}${other.text}`, spans: [...one.spans, ...moved] }
}
