import { isCommonWord } from './common-words.ts'
import { caseOf, foldUmlauts, foldWord, wordsOf } from './name-words.ts'

/**
 * A way in which a name that is known may come again: the `whole` of it, its family name first (`reversed`), its words
 * `glued` to one, one `part` of a person's name by itself, or the whole of a name that is a `single` word.
 */
export interface NameForm {
  readonly kind: 'whole' | 'reversed' | 'glued' | 'part' | 'single'
  /** In the form of `foldWord`. */
  readonly words: readonly string[]
  /** As they are written in the name. */
  readonly written: readonly string[]
  /** What stands there behind each word but the last; '' where others are put together here. */
  readonly gaps: readonly string[]
  /** Marks that the name ends with. */
  readonly tail: string
  /** Is each of its words one that stands in sentences, too? */
  readonly isCommon: boolean
}

interface Word {
  readonly written: string
  readonly folded: string
  /** What stands behind it in the name. */
  readonly gap: string
}

/** Words that are one name: those that hyphens or apostrophes join. */
type Unit = readonly Word[]

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/))
const titles =
  set(`dr prof professor mr mrs ms miss mx sir dame herr hr frau fr fräulein dipl ing med monsieur madame mademoiselle m mme
  mlle maître señor señora señorita sr sra srta don doña`)
const suffixes = set('jr sr ii iii iv phd md esq bsc msc mba')
const particles = set('von van der den de del della di da dos du la le el al bin ibn y e zu zum zur ter ten')

const joining = /^[-'’\u2010\u2011]$/
/** A shorter part of a name stands by itself in too many texts. */
const shortestPart = 3
const shortestGlued = 7

/** A name of more words comes again as a whole. */
const mostWords = 8

/** The forms of a value that is a name of this kind. */
export function formsOf(value: string, category: string): readonly NameForm[] {
  const words = wordsIn(value)
  const tail = words.at(-1)?.gap ?? ''
  const whole = formOf(words.length === 1 ? 'single' : 'whole', words, tail)
  if (category !== 'pii/person' || words.length > mostWords) return withUmlauts([whole])
  const units = unitsOf(words)
  const bare = withoutTitles(orderOf(value, units))
  const forms = [whole]
  const [first, last] = [bare[0], bare.at(-1)]
  if (first === undefined || last === undefined || bare.length === 1) {
    if (first !== undefined && units.length > 1) forms.push(...partsOf([first]))
    return withUmlauts(forms)
  }
  const given = bare.slice(0, -1)
  for (const [front, back] of [[given, last] as const, ...(given.length > 1 ? [[[first], last] as const] : [])]) {
    forms.push(formOf('whole', [...front.flat(), ...back], ''), formOf('reversed', [...back, ...front.flat()], ''))
    forms.push(gluedOf([...front.flat(), ...back]))
  }
  forms.push(...partsOf([first, last]))
  return withUmlauts(forms.filter(({ words: folded }) => folded.join('').length >= shortestPart))
}

function wordsIn(value: string): readonly Word[] {
  const found = [...wordsOf(value)]
  return found.map(({ written, end }, at) => ({
    written,
    folded: foldWord(written),
    gap: value.slice(end, found[at + 1]?.start),
  }))
}

function unitsOf(words: readonly Word[]): readonly Unit[] {
  const units: Word[][] = []
  let isJoined = false
  for (const word of words) {
    if (isJoined) units.at(-1)?.push(word)
    else units.push([word])
    isJoined = joining.test(word.gap)
  }
  return units
}

/** Given names first: `Muster, Erika` is written the other way round. */
function orderOf(value: string, units: readonly Unit[]): readonly Unit[] {
  if (!/^[^,]+,[^,]+$/.test(value)) return units
  const at = units.findIndex((unit) => unit.at(-1)?.gap.includes(',') === true)
  const behind = units.slice(at + 1)
  return behind.every((unit) => suffixes.has(unit[0]?.folded ?? '')) ? units : [...behind, ...units.slice(0, at + 1)]
}

function withoutTitles(units: readonly Unit[]): readonly Unit[] {
  const isOf = (unit: Unit | undefined, list: ReadonlySet<string>): boolean =>
    unit?.length === 1 && list.has((unit[0]?.written ?? '').toLowerCase())
  let [from, to] = [0, units.length]
  while (isOf(units[from], titles)) from += 1
  while (isOf(units[to - 1], suffixes)) to -= 1
  return units.slice(from, to)
}

const isCommon = (words: readonly string[]): boolean => words.every((word) => isCommonWord(word) || particles.has(word))

function formOf(kind: NameForm['kind'], words: readonly Word[], tail: string): NameForm {
  const folded = words.map((word) => word.folded)
  const gaps = words.slice(0, -1).map(({ gap }) => (kind === 'reversed' && !joining.test(gap) ? '' : gap))
  return { kind, words: folded, written: words.map(({ written }) => written), gaps, tail, isCommon: isCommon(folded) }
}

function gluedOf(words: readonly Word[]): NameForm {
  const { words: folded, written, isCommon: areCommon } = formOf('whole', words, '')
  const glued = folded.join('')
  // Too short for it: a form of no words is looked for nowhere.
  const isLong = glued.length >= shortestGlued && !areCommon
  return {
    kind: 'glued',
    words: isLong ? [glued] : [],
    written: [written.join('')],
    gaps: [],
    tail: '',
    isCommon: areCommon,
  }
}

/** Each name by itself that is no word of sentences and begins with a capital letter. */
function partsOf(units: readonly Unit[]): readonly NameForm[] {
  return units
    .map((unit) => formOf('part', unit, ''))
    .filter(({ isCommon: areCommon, written: [first = ''], words }) => {
      return !areCommon && caseOf(first) !== 'lower' && words.some((word) => word.length >= shortestPart)
    })
}

const umlauts = /[äöüÄÖÜ]/

function withUmlauts(forms: readonly NameForm[]): readonly NameForm[] {
  return forms.flatMap((form) => {
    if (form.words.length === 0) return []
    if (!form.written.some((word) => umlauts.test(word.normalize('NFC')))) return [form]
    const spelled = form.kind === 'glued' ? [form.written.map(foldUmlauts).join('')] : form.written.map(foldUmlauts)
    return [form, { ...form, words: spelled }]
  })
}
