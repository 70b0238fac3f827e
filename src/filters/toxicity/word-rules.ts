import { hasClass } from './annotate.ts'
import { classAt, type WordClass } from './classes.ts'
import { toxicityKinds, type ToxicityKind } from './categories.ts'
import { marks, type Words } from './words.ts'

/** What a word of a class says by itself, wherever it stands. A term of identity says nothing. */
interface WordMeaning {
  readonly kind: ToxicityKind
  readonly score: number
  /** Score where nobody is addressed; without it, the same. */
  readonly alone?: number
}

const meanings: Readonly<Partial<Record<WordClass, WordMeaning>>> = {
  slur: { kind: 'hate', score: 0.8 },
  'insult-strong': { kind: 'harassment', score: 0.65, alone: 0.35 },
  // A word that is rude now and then has to stand beside another.
  insult: { kind: 'harassment', score: 0.6, alone: 0.1 },
  threat: { kind: 'violence', score: 0.6, alone: 0.25 },
  'foreign-insult': { kind: 'harassment', score: 0.65, alone: 0.5 },
  'profanity-strong': { kind: 'profanity', score: 0.85 },
  profanity: { kind: 'profanity', score: 0.4 },
}

/** By class, in the order of classes. */
const known = Object.entries(meanings).map(([name, meaning]) => {
  return { wordClass: classAt(name as WordClass), kind: toxicityKinds.indexOf(meaning.kind), meaning }
})

const secondPerson = classAt('second-person')
const reportVerb = classAt('report-verb')
const counter = classAt('counter')
const negation = classAt('negation')
const reclaimed = classAt('reclaimed')
const slur = classAt('slur')
const insult = classAt('insult')

const addressReach = 3
const reportReach = 8
const denialReach = 4
const counterReach = 8
const reclaimReach = 3

/** A word that says something by itself. */
export interface WordHit {
  readonly at: number
  /** A place in `toxicityKinds`. */
  readonly kind: number
  readonly score: number
  /** Below 1 where what stands around it says that nobody is called by it. */
  readonly certainty: number
}

/** A text as rules see it: its words and their classes. */
interface Read {
  readonly words: Words
  readonly classes: Int32Array
}

/** The words of a text that say something by themselves, and how sure it is after what stands around them. */
export function wordHits(read: Read): WordHit[] {
  const hits: WordHit[] = []
  const { words, classes } = read
  for (let at = 0; at < words.length; at += 1) {
    const value = classes[at] as number
    if (value === 0) continue
    for (const { wordClass, kind, meaning } of known) {
      if (!hasClass(value, wordClass)) continue
      const isAddressed =
        meaning.alone === undefined ||
        (isNear(read, at, { wanted: secondPerson, reach: addressReach }) &&
          (wordClass !== insult || isNear(read, at, { wanted: insult, reach: 1 })))
      const score = isAddressed ? meaning.score : (meaning.alone ?? meaning.score)
      const certainty = certaintyOf(read, at, wordClass)
      hits.push({ at, kind, score: score * certainty, certainty })
    }
  }
  return hits
}

/** Who quotes, denies, condemns or takes back a word for themselves does not call anybody by it. */
function certaintyOf(read: Read, at: number, wordClass: number): number {
  const { words } = read
  const isQuoted = ((words.marks[at] as number) & marks.quoted) !== 0
  let share = 1
  if (isBefore(read, at, { wanted: reportVerb, reach: isQuoted ? reportReach : addressReach })) share *= 0.55
  else if (isQuoted) share *= 0.75
  if (isBefore(read, at, { wanted: negation, reach: denialReach })) share *= 0.7
  if (isNear(read, at, { wanted: counter, reach: counterReach })) share *= 0.6
  if (wordClass === slur && isBefore(read, at, { wanted: reclaimed, reach: reclaimReach })) share *= 0.6
  return share
}

interface Wanted {
  readonly wanted: number
  readonly reach: number
}

function isBefore({ classes }: Read, at: number, { wanted, reach }: Wanted): boolean {
  for (let before = Math.max(0, at - reach); before < at; before += 1) {
    if (hasClass(classes[before] as number, wanted)) return true
  }
  return false
}

function isNear(read: Read, at: number, wanted: Wanted): boolean {
  if (isBefore(read, at, wanted)) return true
  const end = Math.min(read.words.length, at + wanted.reach + 1)
  for (let behind = at + 1; behind < end; behind += 1) {
    if (hasClass(read.classes[behind] as number, wanted.wanted)) return true
  }
  return false
}
