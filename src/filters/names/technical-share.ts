import { isAddress, type Line } from './lines.ts'
import { talkWords } from './cues.ts'
import { kinds, shapes, type Tokens } from './tokens.ts'

/**
 * How careful one has to be with names in a stretch: `none` or `little` in what people write to each other; `some` where there are
 * signs that it is about programs; `most` where it is a part of a document about them, or stands among code.
 */
export type Care = 'none' | 'little' | 'some' | 'most'

/** What says that words are of a program: addresses in it, options and words in backticks; quotations may, too. */
interface Marks {
  readonly words: number
  readonly sure: number
  readonly quoted: number
}

function marksIn(tokens: Tokens, from: number, to: number): Marks {
  let [words, sure, quoted] = [0, 0, 0]
  for (let at = from; at < to; at += 1) {
    const kind = tokens.kinds[at]
    if (kind === kinds.word) words += 1
    else if (kind === kinds.opaque) sure += isAddress(tokens, at) ? 0 : 1
    else if (kind === kinds.sign && tokens.starts[at + 1] === tokens.ends[at]) {
      const sign = tokens.text.charCodeAt(tokens.starts[at] as number)
      const isSmall = tokens.shapes[at + 1] === shapes.lower || tokens.shapes[at + 1] === shapes.lowerLetter
      if (sign === 96 || (sign === 45 && isSmall)) sure += 1
      else if ((sign === 34 || sign === 39) && isSmall) quoted += 1
    }
  }
  return { words, sure, quoted }
}

const noMarks: Marks = { words: 0, sure: 0, quoted: 0 }
const sumOf = (one: Marks, other: Marks): Marks => ({
  words: one.words + other.words,
  sure: one.sure + other.sure,
  quoted: one.quoted + other.quoted,
})

const few = 2

/** Is more than one line of six technical? */
const isShare = (lines: readonly Line[]): boolean => {
  const technical = lines.filter(({ kind }) => kind === 'technical').length
  return technical > 1 && technical * 6 >= lines.length
}

/** One word of so many says that a whole text is about a program, or a stretch of it. */
const wordsOfText = 60
const wordsOfStretch = 30
/** Shorter stretches of such a text are captions and comments. */
const shortestStretch = 8

/** How careful to be with each stretch of a text. */
export function careFor(tokens: Tokens, lines: readonly Line[]): (stretch: Pick<Line, 'from' | 'to'>) => Care {
  const counted = lines.filter(({ isApart }) => !isApart)
  const { words, sure, quoted } = counted.map(({ from, to }) => marksIn(tokens, from, to)).reduce(sumOf, noMarks)
  const isAbout = isShare(counted) || (sure > few && sure * wordsOfText > words)
  const isTalk = (from: number, to: number) => tokens.hashes.slice(from, to).some((word) => talkWords.has(word))
  if (!isAbout) {
    const isLike = isShare(lines) || (sure + quoted > few && (sure + quoted) * wordsOfText > words)
    const care = isTalk(0, tokens.length) ? 'little' : 'some'
    return () => (isLike ? care : 'none')
  }
  const loose = new Set(
    lines.flatMap((line) => (line.kind === 'technical' && !line.isApart ? [line.from, line.to] : [])),
  )
  // One token between two lines is the end of one: a gap is the end of a paragraph.
  const isBeside = (place: number) => tokens.kinds[place] === kinds.line
  return ({ from, to }) => {
    const own = marksIn(tokens, from, to)
    const isAmong = (isBeside(from - 1) && loose.has(from - 1)) || (isBeside(to) && loose.has(to + 1))
    const isOfPeople = !isAmong && own.words >= shortestStretch && own.sure * wordsOfStretch <= own.words
    return isOfPeople && isTalk(from, to) ? 'some' : 'most'
  }
}
