import type { ToolDeclaration } from './declarations.ts'
import type { TrustedWords } from './trusted-words.ts'
import { stemOf, wordsOf } from './words.ts'

/** The steps that trusted words call for. It is made once, before anything else is read, and nothing that is read changes it. */
export interface Plan {
  /** Do the words ask for what this tool does? */
  callsFor(tool: ToolDeclaration): boolean
  /** Does the person hand the choice of the steps to a text that is still to be read? */
  readonly isHandedOver: boolean
}

/** Verbs that are nouns as well count where a verb stands: first, or after one of these. */
const alsoNouns = new Set(
  ['email', 'mail', 'message', 'post', 'schedule', 'share', 'text', 'transfer', 'book', 'order', 'record'].map(stemOf),
)
const beforeVerbs = new Set([
  'please',
  'to',
  'and',
  'then',
  'also',
  'you',
  'us',
  'me',
  'or',
  'first',
  'finally',
  'next',
  'now',
  'just',
])
const negations = new Set([
  'not',
  "don't",
  'never',
  'without',
  "doesn't",
  "shouldn't",
  'cannot',
  "can't",
  "mustn't",
  'no',
])
/** "Do not forget to send": what is not to be forgotten is to be done. */
const turned = new Set(['forget', 'hesitate', 'fail'].map(stemOf))

const handingOver =
  /\b(?:do|perform|execute|complete|carry out|follow|handle|work through|take care of)\b(?<what>[^.!?]{0,40}?)\b(?:actions?|tasks?|instructions?|steps|to-?dos?|orders|requests?)\b(?<rest>[^.!?]*)/i

export function readPlan(words: TrustedWords): Plan {
  const verbs = new Set(words.sentences.flatMap(verbsOf))
  return {
    callsFor: ({ calledFor }) =>
      calledFor.verbs.some((verb) => verbs.has(stemOf(verb))) &&
      (calledFor.objects.length === 0 || words.speaksOf(calledFor.objects)),
    isHandedOver: words.sentences.some(handsOver),
  }
}

/** Stems of the words of a sentence that can be what it asks for. */
function verbsOf(sentence: string): readonly string[] {
  const all = wordsOf(sentence)
  return all.map(stemOf).filter((stem, at) => {
    const before = all[at - 1]
    if (alsoNouns.has(stem) && before !== undefined && !beforeVerbs.has(before) && !/^\d+$/.test(before)) return false
    return !isNegated(all, at)
  })
}

function isNegated(words: readonly string[], at: number): boolean {
  const before = words.slice(Math.max(0, at - 4), at)
  const negation = before.findLastIndex((word) => negations.has(word))
  return negation >= 0 && !before.slice(negation + 1).some((word) => turned.has(stemOf(word)))
}

function handsOver(sentence: string): boolean {
  const found = handingOver.exec(sentence)
  const { what = '', rest = '' } = found?.groups ?? {}
  const before = wordsOf(sentence.slice(0, found?.index ?? 0))
  // "Perform the following tasks: …" goes on with the person's own words.
  if (found === null || /\bfollowing\b/i.test(what) || /:\s*$/.test(rest)) return false
  return !isNegated(before, before.length) && !wordsOf(what).some((word) => negations.has(word))
}
