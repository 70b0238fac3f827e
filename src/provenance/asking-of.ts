import { setOf } from '../text/set-of.ts'
import { isPast, isSmall, stemOf, wordsOf } from './words.ts'

/** Does a sentence ask for a step, or does it only hold a verb of it: a question, a report, a condition? */
export type Asking = 'asked-for' | 'mentioned'

/** Verbs that are nouns as well count where a verb stands: first, or after one of these. */
const alsoNouns = new Set(
  ['email', 'mail', 'message', 'post', 'schedule', 'share', 'text', 'transfer', 'book', 'order', 'record'].map(stemOf),
)
const beforeVerbs = setOf(
  'please to and then also you us me or first finally next now just so but kindly instead ahead directly',
)
/** After these an order begins anew, whatever stood before. */
const ordering = setOf('please then also just so now kindly finally next instead')
const subjects = setOf('i we they he she it who which that somebody someone anybody anyone nobody everybody everyone')
const determiners = setOf(
  'the a an my your this that these those his her their our its each every last next previous of',
)
const past = setOf('did does has had was were')
const modals = setOf('do should would could can will may might shall must')
const wanting = setOf('like love appreciate prefer be need want')
const being = setOf('is are am was were been')
const conditions = setOf(
  'if when whenever whether unless because although while since why how who whom what which where whose',
)
/** Whoever asks, tells or wants is somebody else; so is whoever knows how to do it. */
const governors = setOf(
  'asks asked asking tells told telling wants wanted says said demands demanded claims claimed refuses refused orders ordered begs requires ' +
    'required instructs instructed invites tried tries was were used supposed how what where when whether which',
)
const negations = setOf(
  "not don't never without doesn't shouldn't cannot can't mustn't won't no nobody refrain avoid stop neither nor forbid forbidden prevent",
)
/** "Do not forget to send": what is not to be forgotten is to be done. */
const turned = new Set(['forget', 'hesitate', 'fail', 'worry', 'mind', 'wait'].map(stemOf))
/** A word that forbids from here to the end of the sentence, not only a word that says how something is. */
const forbidding = setOf("don't never without refrain avoid stop forbid forbidden prevent nobody no")

/** A sentence is looked at this far before a verb, so that none takes long. */
const wordsBefore = 40
const clausesBefore = 8

const polite = setOf(
  "please pls could can would will you then also and so now just kindly let's lets i'd i like need want to us finally first next quickly",
)
/** Orders that change nothing anywhere. */
const readingOrders = new Set(
  (
    'summarize summarise show tell find list read check look get search count compare translate explain describe recommend suggest calculate ' +
    'compute sort rank visit open analyze analyse review help provide see view fetch display print extract identify determine figure use go do be ' +
    'perform remember thank thanks hi hello hey watch wait think keep start begin try note report answer consider browse lookup say'
  )
    .split(' ')
    .map(stemOf),
)

/** With one of these behind it a verb of reading is another one: "note down", "check off", "get rid of". */
const turningParticles = setOf('rid down off away')
/** Verbs by which somebody wishes for a thing, with one of the words before them that make a wish of it. */
const wishing = new Map([
  ...['like', 'want', 'need'].map((verb) => [verb, setOf("i we i'd we'd would")] as const),
  ...['have', 'get'].map((verb) => [verb, setOf('can could may')] as const),
])
const articles = setOf('a an another some')
const behindThings = setOf('of to in on at by for from with about that which who where as and or but')

/** Stems of the words for things that somebody wishes to have: "I'd like a calendar entry", "we need another meeting on Monday". */
export function wishedThings(sentence: string): readonly string[] {
  return sentence.split(/[,()–—]+/).flatMap((clause) => {
    const words = wordsOf(clause)
    const at = words.findIndex((word, place) => {
      const before = wishing.get(words[place - 1] ?? '')
      return articles.has(word) && words.slice(Math.max(0, place - 3), place - 1).some((other) => before?.has(other))
    })
    if (at < 0) return []
    const named = words.slice(at + 1, at + 5)
    const end = named.findIndex((word) => behindThings.has(word))
    return (end < 0 ? named : named.slice(0, end)).map(stemOf)
  })
}

/** The stem of an order that may change something, whatever its verb: the first word of a clause that is no politeness and no noun by its look. */
export function ordersOf(sentence: string): readonly string[] {
  if (/[?？]\s*$/.test(sentence) && !/^\W*(?:please|can|could|would|will) you\b/i.test(sentence)) return []
  return sentence.split(/[,()–—]+/).flatMap((clause) => {
    const words = wordsOf(clause)
    const at = words.findIndex((word) => !polite.has(word))
    const [order, next] = [words[at], words[at + 1]]
    if (order === undefined || next === undefined || isSmall(order) || negations.has(order) || /\d/.test(order))
      return []
    if (isTold(words.slice(0, at), next)) return []
    const isRead =
      (readingOrders.has(stemOf(order)) && !turningParticles.has(next)) ||
      (/^(?:give|let)$/.test(order) && /^(?:me|us)$/.test(next))
    return isRead ? [] : [stemOf(order)]
  })
}

/** "I pinged Bob", "Bob is late" and "Bob needs a file" tell something; "I want to ping Bob" does not. */
function isTold(before: readonly string[], next: string): boolean {
  const isOfTheirs = before.some((word) => word === 'i' || word === 'we') && !before.includes('to')
  const isOfOthers = being.has(next) || modals.has(next) || past.has(next) || /^(?:has|needs|wants)$/.test(next)
  return isOfTheirs || isOfOthers
}

/** How a sentence asks, by stems of its words. What it forbids is not there. */
export function askingOf(sentence: string): ReadonlyMap<string, Asking> {
  const found = new Map<string, Asking>()
  const clauses = sentence.split(/[,()–—]+/).map((clause) => wordsOf(clause.replaceAll(/\bdo not\b/gi, "don't")))
  for (const [at, clause] of clauses.entries()) {
    for (const place of clause.keys()) {
      const asking = askingAt(clauses, at, place)
      const stem = stemOf(clause[place]!)
      if (asking !== null && found.get(stem) !== 'asked-for') found.set(stem, asking)
    }
  }
  return found
}

function askingAt(clauses: readonly (readonly string[])[], at: number, place: number): Asking | null {
  const clause = clauses[at]!
  const word = clause[place]!
  const before = clause.slice(Math.max(0, place - wordsBefore), place)
  const last = before.at(-1)
  const isNoun =
    alsoNouns.has(stemOf(word)) &&
    !word.endsWith('ing') &&
    last !== undefined &&
    !beforeVerbs.has(last) &&
    !/^\d+$/.test(last)
  if (isNoun) return null
  const forbidden = isForbidden(clauses, at, place)
  if (forbidden !== 'no') return forbidden === 'yes' ? null : 'mentioned'
  if (last !== undefined && determiners.has(last)) return 'mentioned'
  if (isPast(word)) return isWantedDone(word, before.slice(-5)) ? 'asked-for' : 'mentioned'
  if (word.endsWith('ing') && before.slice(-2).some((other) => being.has(other))) return 'mentioned'
  if (/[^s]s$/.test(word) && word !== stemOf(word)) return 'mentioned'
  if (last !== undefined && ordering.has(last)) return 'asked-for'
  if (last !== undefined && subjects.has(last)) return 'mentioned'
  if (
    last === 'to' &&
    before.some((other) => governors.has(other)) &&
    !/\b(?:i|we) (?:want|wanted|asked|told) you\b/.test(before.join(' '))
  )
    return 'mentioned'
  const lead = place === 0 ? undefined : clause[0]
  if (lead !== undefined && conditions.has(lead) && !/\byou (?:could|can|would)\b/.test(before.join(' ')))
    return 'mentioned'
  return auxiliaryAsks(before) ? 'asked-for' : 'mentioned'
}

/** "I want it paid" asks. "It will be cancelled" may, and "I will be paid" says what others do. */
function isWantedDone(word: string, before: readonly string[]): boolean {
  return before.some((other) => (wanting.has(other) || other === 'get') && (other !== 'be' || word.endsWith('ed')))
}

/** "Can you send" and "I would like to send" ask; "did she send", "should I send" and "he must send" do not. */
function auxiliaryAsks(before: readonly string[]): boolean {
  const at = before.findLastIndex((word) => past.has(word) || modals.has(word))
  if (at < 0) return true
  const [subject = '', next] = [before[at + 1], before[at - 1]]
  if (past.has(before[at]!)) return false
  if (before[at] === 'do') return subject === ''
  if (subject === 'you' || next === 'you' || wanting.has(subject) || before.includes('please')) return true
  return false
}

/** `maybe` where a word that forbids stands far before it: "do not, whatever they say, send it". */
function isForbidden(clauses: readonly (readonly string[])[], at: number, place: number): 'yes' | 'maybe' | 'no' {
  const clause = clauses[at]!
  const near = clause.slice(Math.max(0, place - wordsBefore), place)
  const earlier = clauses.slice(Math.max(0, at - clausesBefore), at)
  const own = near.findLastIndex((word) => negations.has(word))
  if (own >= 0) {
    const between = near.slice(own + 1)
    if (between.some((word) => turned.has(stemOf(word)))) return 'no'
    if (between.some((word) => word === 'but' || word === 'please' || word === 'instead' || word === 'just'))
      return 'no'
    return between.length < 4 ? 'yes' : 'maybe'
  }
  if (place === 0 && at > 0 && !earlier.some(([first]) => first !== undefined && forbidding.has(first))) return 'no'
  const far = earlier.flatMap((other) => other.slice(0, wordsBefore))
  const last = far.findLastIndex((word) => forbidding.has(word))
  if (last < 0 || near.some((word) => ordering.has(word) || word === 'but')) return 'no'
  if (far.slice(last + 1).some((word) => turned.has(stemOf(word)))) return 'no'
  // "If there are no conflicts, create it": what is, and no order.
  return far[last] === 'no' && far.some((word) => conditions.has(word)) ? 'no' : 'maybe'
}
