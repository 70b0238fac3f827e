import { SequenceFinder } from '../../../text/sequence-finder.ts'
import type { FoundValue, KnownValue } from './known-values.ts'
import { formsOf, type NameForm } from './name-forms.ts'
import { NamePlaces } from './name-places.ts'
import { caseOf, foldWord, wordsOf, type WrittenWord } from './name-words.ts'
import { isTimeZone } from './time-zones.ts'

interface KnownForm {
  readonly form: NameForm
  readonly known: KnownValue
}

/** The forms of names that are the same words. */
type SameWords = KnownForm[]

/** Blanks of a line's end too, and what stands for a blank in names of files, of hosts and in addresses. */
const joint = /^(?:\s{1,3}|[_+.\-\u2010\u2011]|%(?:20|2b|5f))$/i
const jointBehindFamily = /^(?:\s{1,3}|[_+.\-\u2010\u2011]|%(?:20|2b|5f)|\s?,\s{1,3}|%2c(?:%20|\+))$/i
/** A word of fewer letters in capitals is short for something else. */
const shortestCapitals = 4
/** In more ways the same words are written by nobody. */
const mostWritten = 32
/** So few words are looked for in a text before its words are. */
const fewWords = 64
const longestOfFew = 65_536

/**
 * Finds the names of a conversation in the ways in which they come again: in capitals, with the family name first or alone,
 * in names of files and addresses. Each text is read once, however many names there are.
 */
export class KnownNames {
  readonly #forms = new Map<string, SameWords>()
  readonly #symbols = new Map<string, number>()
  readonly #known: KnownValue[] = []
  #finder: SequenceFinder<SameWords> | null = null

  get size(): number {
    return this.#known.length
  }

  add(known: KnownValue): void {
    this.#known.push(known)
    this.#finder = null
    for (const form of formsOf(known.value, known.category)) {
      const name = form.words.join(' ')
      const same = this.#forms.get(name)
      if (same === undefined) this.#forms.set(name, [{ form, known }])
      else addForm(same, { form, known })
    }
  }

  /** As `KnownValues.spansIn`, without those that stand in another one. */
  spansIn(text: string, upToTurn: number, label: string | null): readonly FoundValue[] {
    const finder = (this.#finder ??= this.#makeFinder())
    if (this.#known.length === 0 || !this.#mayHold(text)) return []
    const words: WrittenWord[] = []
    const places = new NamePlaces(text, label)
    const spans: FoundValue[] = []
    let found: FoundValue | null = null
    const symbols = function* (known: ReadonlyMap<string, number>) {
      for (const word of wordsOf(text)) {
        words.push(word)
        yield known.get(foldWord(word.written)) ?? 0
      }
    }
    const accepts = (same: SameWords): boolean => {
      found = null
      for (const { form, known } of same) {
        const { category, fromTurn } = known
        if (fromTurn > upToTurn || (found !== null && found.fromTurn <= fromTurn)) continue
        const here = words.slice(words.length - form.words.length)
        const start = here[0]?.start ?? 0
        const last = here.at(-1)?.end ?? start
        if (!isWrittenSo({ text, here, stretch: { start, end: last }, places }, form, category)) continue
        const end = text.startsWith(form.tail, last) ? last + form.tail.length : last
        found = { start, end, category, fromTurn }
      }
      return found !== null
    }
    for (const _match of finder.find(symbols(this.#symbols), accepts)) {
      const match = found as FoundValue | null
      if (match === null) continue
      while ((spans.at(-1)?.start ?? -1) >= match.start) spans.pop()
      spans.push(match)
    }
    return spans
  }

  #makeFinder(): SequenceFinder<SameWords> {
    const finder = new SequenceFinder<SameWords>()
    for (const [name, same] of this.#forms) {
      finder.add(
        name.split(' ').map((word) => this.#symbolOf(word)),
        same,
      )
    }
    return finder
  }

  #symbolOf(word: string): number {
    const symbol = this.#symbols.get(word) ?? this.#symbols.size + 1
    this.#symbols.set(word, symbol)
    return symbol
  }

  /** Where few words are looked for, a text that has none of them is not read word by word. */
  #mayHold(text: string): boolean {
    if (this.#symbols.size > fewWords || text.length > longestOfFew || /%[c-e]/i.test(text)) return true
    const folded = foldWord(text)
    for (const word of this.#symbols.keys()) if (folded.includes(word)) return true
    return false
  }
}

/** Many people have one given name: what is written alike is looked at once, from the earliest turn on. */
function addForm(same: SameWords, added: KnownForm): void {
  const at = same.findIndex(({ form, known }) => isAlike(form, added.form) && known.category === added.known.category)
  const alike = same[at]
  if (alike === undefined) {
    if (same.length < mostWritten) same.push(added)
  } else if (added.known.fromTurn < alike.known.fromTurn) same[at] = added
}

const isAlike = (one: NameForm, other: NameForm): boolean =>
  one.kind === other.kind &&
  one.tail === other.tail &&
  one.written.join(' ') === other.written.join(' ') &&
  one.gaps.join('\0') === other.gaps.join('\0')

interface Here {
  readonly text: string
  readonly here: readonly WrittenWord[]
  /** From the first of them to the last. */
  readonly stretch: { readonly start: number; readonly end: number }
  readonly places: NamePlaces
}

/** Are the words written and set apart as in a name? */
function isWrittenSo({ text, here, stretch, places }: Here, form: NameForm, category: string): boolean {
  const { kind, written, gaps, isCommon } = form
  if (isTimeZone(text, stretch.start, stretch.end)) return false
  const isPerson = category === 'pii/person'
  if (kind === 'glued') return true
  const isAsKnown = here.every((word, at) => word.written.normalize('NFC') === written[at]?.normalize('NFC'))
  const areGaps = gaps.map((gap, at) => gapOf(text.slice(here[at]?.end, here[at + 1]?.start), gap, { at, kind }))
  if (areGaps.includes('other')) return false
  const cases = here.map((word) => caseOf(word.written))
  if (kind === 'whole' || kind === 'reversed') {
    // Two words of sentences behind each other are a name only as they were written, family names behind with a comma.
    if (kind === 'reversed' && isCommon && areGaps[0] !== 'comma') return false
    const isSmall = cases.some((each, at) => each === 'lower' && caseOf(written[at] ?? '') !== 'lower')
    return !isSmall || category === 'pii/address' || (isPerson && !isCommon)
  }
  if (isPerson && !isCommon && cases.every((each) => each === 'lower') && !isAsKnown) return places.isAccount(stretch)
  const isLoud =
    !isCommon && cases.every((each, at) => each === 'capitals' && (written[at]?.length ?? 0) >= shortestCapitals)
  if (!isAsKnown && !isLoud) return false
  return isCommon ? places.isName(stretch) : places.isData(stretch)
}

/** What stands between two words: what stands there in the name, what stands for it elsewhere, or something else. */
function gapOf(
  gap: string,
  own: string,
  { at, kind }: { readonly at: number; readonly kind: NameForm['kind'] },
): 'own' | 'joint' | 'comma' | 'other' {
  if (gap === own && gap !== '') return 'own'
  if (kind === 'part') return 'other'
  if (kind === 'reversed' && at === 0 && jointBehindFamily.test(gap))
    return gap.includes(',') || /^%2c/i.test(gap) ? 'comma' : 'joint'
  return joint.test(gap) ? 'joint' : 'other'
}
