import { withoutCode } from '../quotations/quoted-passages.ts'
import { sentencesOf } from '../words/sentences.ts'
import { contentWords } from './content-words.ts'
import type { KnownWords } from './known-words.ts'

/** A sentence of an answer, and how much of what it says is in no text. */
export interface NovelSentence {
  readonly start: number
  readonly end: number
  /** Of its words that carry what it says, the share that no text has: 0 to 1. */
  readonly novelty: number
  readonly isDoubted: boolean
}

/** A sentence is doubted of whose words more than this share is new, if it has so many at least. */
const mostNew = 0.5
const fewestWords = 5

/** Says it that the texts do not say something, or does it ask or offer something? Such words are the answer's own. */
const about = /\b(?:documents?|sources?|context|texts?|passages?|excerpts?|articles?|information|answer)\b/i
const denies = /\b(?:not|no|nothing|none|cannot|unable|without|never)\b|n[’']t\b/i
const courtesy =
  /^\W*(?:let me know|i hope|feel free|sure\b|of course|certainly|happy to|sorry|unfortunately, i|here(?:’s|'s| is| are)|in summary|based on|according to|if you)/i

/** The sentences of an answer, and the share of new words over all of it; null where it says too little. */
export function novelSentences(
  answer: string,
  known: KnownWords,
): { readonly sentences: readonly NovelSentence[]; readonly novelty: number | null } {
  const text = withoutCode(answer)
  let [all, novel] = [0, 0]
  const sentences = sentencesOf(text).flatMap(({ start, end }): NovelSentence[] => {
    const written = text.slice(start, end)
    const words = contentWords(written)
    const others = words.filter((word) => !known.hasWord(word)).length
    all += words.length
    novel += others
    const novelty = words.length === 0 ? 0 : others / words.length
    const isClaim =
      !/\?["”’)\s]*$/.test(written) && !courtesy.test(written) && !(about.test(written) && denies.test(written))
    const isDoubted = isClaim && words.length >= fewestWords && novelty > mostNew
    const [lead, trail] = [written.length - written.trimStart().length, written.length - written.trimEnd().length]
    return [{ start: start + lead, end: end - trail, novelty, isDoubted }]
  })
  return { sentences, novelty: all === 0 ? null : novel / all }
}
