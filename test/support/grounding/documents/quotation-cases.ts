import type { Random } from '../../random.ts'
import { shuffled } from '../../random.ts'

/** A sentence that quotes a passage of some documents, rightly or not. */
export interface QuotationCase {
  readonly kind: string
  readonly isRight: boolean
  readonly documents: readonly string[]
  readonly answer: string
}

type Change = (words: readonly string[], other: readonly string[], random: Random) => readonly string[] | null

const small = new Set('the a an of in to and or is are was were it its'.split(' '))
const place = (words: readonly string[], random: Random, fits: (word: string) => boolean): number | null => {
  const places = words.flatMap((word, at) => (fits(word) ? [at] : []))
  return places[Math.floor(random() * places.length)] ?? null
}
const plain = (word: string): string => word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')

const right: Readonly<Record<string, (words: readonly string[], random: Random) => readonly string[] | null>> = {
  'as it stands': (words) => words,
  'a capital, and other blanks': ([first = '', ...rest]) => [
    first.charAt(0).toUpperCase() + first.slice(1),
    ...rest.map((word) => ` ${word}`),
  ],
  'an ellipsis': (words) => (words.length < 8 ? null : [...words.slice(0, 3), '…', ...words.slice(-3)]),
  'other stops': (words) =>
    words.map((word, at) => (at === words.length - 1 ? word.replace(/[.,;]$/, '!') : word.replace(/,$/, ';'))),
}

const wrong: Readonly<Record<string, Change>> = {
  'a word of another document': (words, other, random) => {
    const at = place(words, random, (word) => !small.has(plain(word)) && plain(word).length > 3)
    const word = other.find((each) => plain(each).length > 3 && !words.some((own) => plain(own) === plain(each)))
    return at === null || word === undefined ? null : words.with(at, word)
  },
  'a negation put in or taken out': (words, _other, random) => {
    const there = words.findIndex((word) => /^(?:not|no|never)$/i.test(word))
    if (there > 0) return words.toSpliced(there, 1)
    const at = place(words, random, (word) => /^(?:is|are|was|were|has|have|had|can|may|will)$/i.test(word))
    return at === null ? null : words.toSpliced(at + 1, 0, 'not')
  },
  'another figure': (words, _other, random) => {
    const at = place(words, random, (word) => /\d/.test(word))
    return at === null
      ? null
      : words.with(
          at,
          (words[at] ?? '').replace(/\d/, (digit) => String((Number(digit) + 3) % 10)),
        )
  },
  'two words exchanged': (words, _other, random) => {
    const at = place(words.slice(0, -2), random, (word) => plain(word).length > 2)
    if (at === null || plain(words[at] ?? '') === plain(words[at + 2] ?? '')) return null
    return words.with(at, words[at + 2] ?? '').with(at + 2, words[at] ?? '')
  },
  'a word left out': (words, _other, random) => {
    const at = place(words.slice(1, -1), random, (word) => plain(word).length > 3)
    return at === null ? null : words.toSpliced(at + 1, 1)
  },
  'a passage that is in none': (_words, other) => (other.length < 6 ? null : other.slice(0, 12)),
}

/** Right and wrong quotations out of passages, each among three documents, and sentences with marks that quote nothing. */
export function quotationCases(passages: readonly string[], random: Random): readonly QuotationCase[] {
  const all = shuffled([...new Set(passages)], random)
  return all.flatMap((passage, at): QuotationCase[] => {
    const words = passage.split(/\s+/)
    const from = Math.floor(random() * Math.max(1, words.length - 14))
    const stretch = words.slice(from, from + 8 + Math.floor(random() * 6)).map((word) => word.replaceAll(/["“”]/g, ''))
    if (stretch.length < 6) return []
    const other = (all[(at + 1) % all.length] ?? '').replaceAll(/["“”]/g, '').split(/\s+/)
    const documents = [all[(at + 2) % all.length] ?? '', passage, all[(at + 3) % all.length] ?? '']
    const made = (kind: string, isRight: boolean, quoted: readonly string[] | null): QuotationCase[] => {
      if (quoted === null) return []
      const marks = random() < 0.5 ? ['“', '”'] : ['"', '"']
      return [
        {
          kind,
          isRight,
          documents,
          answer: `The document says ${marks[0]}${quoted.join(' ').trim()}${marks[1]}, and more.`,
        },
      ]
    }
    const rightly = Object.entries(right).flatMap(([kind, change]) => made(kind, true, change(stretch, random)))
    const wrongly = Object.entries(wrong).flatMap(([kind, change]) => made(kind, false, change(stretch, other, random)))
    const answer = `A "so-called" fact, said of the "${stretch[0] ?? ''}" and of 5" pipes.`
    const nothing = { kind: 'marks that quote nothing', isRight: true, documents, answer }
    return rightly.concat(wrongly, nothing)
  })
}
