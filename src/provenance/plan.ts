import { askingOf, ordersOf, wishedThings, type Asking } from './asking-of.ts'
import type { ToolDeclaration } from './declarations.ts'
import { addressesIn, type AddressForm } from './address-forms.ts'
import type { TrustedWords } from './trusted-words.ts'
import { isSmall, stemOf, wordsOf } from './words.ts'

/** The steps that trusted words call for. It is made once, before anything else is read, and nothing that is read changes it. */
export interface Plan {
  /**
   * Do the words ask for what this tool does, or speak of it at least? Null where they do not. An order of a verb that is none of
   * `known`, stems of verbs of all tools, may be meant for any tool whose objects stand beside it.
   */
  callsFor(tool: ToolDeclaration, known: ReadonlySet<string>): Asking | null
  /** Is there an order of a verb that is none of `known`, which may be meant for any tool? */
  ordersOtherwise(known: ReadonlySet<string>): boolean
  /** Do the words give a number right behind the verb of this tool, as in "pay 10"? */
  givesNumber(tool: ToolDeclaration): boolean
  /** Does the person hand the choice of the steps to a text that is still to be read? */
  readonly isHandedOver: boolean
}

interface Sentence {
  readonly asking: ReadonlyMap<string, Asking>
  readonly stems: ReadonlySet<string>
  readonly orders: readonly string[]
  /** Stems of words for what somebody wishes to have. */
  readonly wished: readonly string[]
  /** Is it about what a sentence before has named: "it", "them"? */
  readonly pointsBack: boolean
  /** Stems of the words behind which a number stands. */
  readonly beforeNumbers: ReadonlySet<string>
}

const pointing = new Set([
  'it',
  "it's",
  'them',
  'this',
  'that',
  'these',
  'those',
  'one',
  'ones',
  'they',
  'him',
  'her',
  'there',
  'both',
  'all',
])

/** What an address stands for: who writes to one speaks of mail. */
const calledBy: Readonly<Record<AddressForm, readonly string[]>> = {
  mail: ['email', 'mail'],
  link: ['link'],
  account: ['account'],
  phone: ['phone'],
}

const handingOver =
  /\b(?:do|perform|execute|complete|carry out|follow|handle|work through|take care of)\b(?<what>[^.!?]{0,40}?)\b(?:actions?|tasks?|instructions?|steps|to-?dos?|orders|requests?)\b(?<rest>[^.!?]*)/i
const handingAll =
  /\b(?:do|follow|obey|perform|execute)\b (?:exactly |just |all |everything )?(?:what|whatever|as|that) [^.!?]{0,40}\b(?:says?|tells?|asks?|wants?|needed|requested|necessary|required)\b/i

export function readPlan(words: TrustedWords): Plan {
  const sentences = words.turns.flatMap((turn, at) => {
    const isOver = words.turns.slice(at + 1).some(beginsAnew)
    return [
      ...turn.sentences.map((text) => readSentence(text, isOver)),
      ...turn.doubtful.map((text) => readSentence(text, true)),
    ]
  })
  return {
    callsFor: ({ calledFor }, known) => {
      const verbs = calledFor.verbs.map(stemOf)
      const objects = calledFor.objects.map(stemOf)
      const speaks = ({ stems }: Sentence) => objects.length === 0 || objects.some((object) => stems.has(object))
      let best: Asking | null = null
      for (const [at, sentence] of sentences.entries()) {
        const asking = verbs.map((verb) => sentence.asking.get(verb))
        const isOrdered = speaks(sentence) && sentence.orders.some((order) => !known.has(order))
        if (objects.length > 0 && (isOrdered || objects.some((object) => sentence.wished.includes(object))))
          best = 'mentioned'
        if (asking.every((found) => found === undefined)) continue
        const isNear = speaks(sentence) || (sentence.pointsBack && sentences.slice(0, at).some(speaks))
        if (!isNear && !sentences.some(speaks)) continue
        if (isNear && asking.includes('asked-for')) return 'asked-for'
        best = 'mentioned'
      }
      return best
    },
    ordersOtherwise: (known) => sentences.some(({ orders }) => orders.some((order) => !known.has(order))),
    givesNumber: ({ calledFor }) =>
      calledFor.verbs.some((verb) => sentences.some(({ beforeNumbers }) => beforeNumbers.has(stemOf(verb)))),
    isHandedOver: words.turns.some((turn) => turn.sentences.some(handsOver)),
  }
}

function readSentence(text: string, isOnlyMentioned: boolean): Sentence {
  const words = wordsOf(text)
  const asking = askingOf(text)
  return {
    orders: ordersOf(text),
    wished: wishedThings(text),
    asking: isOnlyMentioned ? new Map([...asking.keys()].map((stem) => [stem, 'mentioned' as const])) : asking,
    stems: new Set([...words, ...addressesIn(text).flatMap(({ form }) => calledBy[form])].map(stemOf)),
    pointsBack: words.some((word) => pointing.has(word)) || isAlone(words),
    beforeNumbers: new Set(words.filter((_, at) => /^\d+$/.test(words[at + 1] ?? '')).map(stemOf)),
  }
}

/** A verb by itself, "please help immediately", is about what stands before. */
function isAlone(words: readonly string[]): boolean {
  return words.filter((word) => !isSmall(word) && !word.endsWith('ly')).length === 1
}

/** A turn that asks something else, or takes back what was asked, ends what was asked before it. */
function beginsAnew({ sentences }: TrustedWords['turns'][number]): boolean {
  return (
    sentences.some((sentence) => /[?？]/.test(sentence)) ||
    /^\W*(?:no|nope|stop|wait|leave it|forget it|never ?mind|cancel that|don't|do not)\b/i.test(sentences[0] ?? '')
  )
}

function handsOver(sentence: string): boolean {
  const found = handingOver.exec(sentence)
  const { what = '', rest = '' } = found?.groups ?? {}
  const all = handingAll.exec(sentence)
  if (all !== null && !isNegated(sentence.slice(0, all.index))) return true
  // "Perform the following tasks: …" goes on with the person's own words.
  if (found === null || /\bfollowing\b/i.test(what) || /:\s*$/.test(rest)) return false
  return !isNegated(sentence.slice(0, found.index)) && !wordsOf(what).some((word) => word === 'not' || word === 'no')
}

function isNegated(before: string): boolean {
  return wordsOf(before)
    .slice(-4)
    .some((word) => /^(?:not|never|without|cannot|no|.+n't)$/.test(word))
}
