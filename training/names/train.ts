import { featuresOf, mostFeatures, type Classified } from '../../src/filters/names/features.ts'
import { isBegin, labelCount, mayFollow } from '../../src/filters/names/labels.ts'
import { kinds, Tokens } from '../../src/filters/names/tokens.ts'
import type { Chance } from '../random.ts'
import type { MadeText } from './generator.ts'

/** A text as it is learned from. */
export interface Example {
  readonly tokens: Tokens
  readonly labels: Uint8Array
}

/** The weights of features by their hashes, `labelCount - 1` for each, and those of moves from label to label. */
export interface Weights {
  readonly features: ReadonlyMap<number, Float32Array>
  readonly moves: Float64Array
}

export interface Training {
  readonly chance: Chance
  readonly classesOf: (hash: number) => number
  readonly passes: number
  /** Features that are seen less often are not learned. */
  readonly fewest: number
  readonly say: (line: string) => void
}

export function toExample({ text, spans }: MadeText): Example {
  const tokens = new Tokens(text)
  const labels = new Uint8Array(tokens.length)
  for (const { start, end, kind } of spans) {
    let isFirst = true
    for (let at = 0; at < tokens.length; at += 1) {
      if ((tokens.starts[at] as number) < start || (tokens.ends[at] as number) > end) continue
      labels[at] = 1 + 2 * kind + (isFirst ? 0 : 1)
      isFirst = false
    }
  }
  return { tokens, labels }
}

/** A word that no list has, in a name or beside it: the model has to tell by what is around. */
function blurred({ tokens, labels }: Example, { chance, classesOf }: Training): Classified {
  const hashes = [...tokens.hashes]
  const classes = hashes.map((hash, at) => (tokens.kinds[at] === kinds.word ? classesOf(hash) : 0))
  const tails = { two: tokens.tails.two, three: tokens.tails.three, four: [...tokens.tails.four] }
  for (let at = 0; at < hashes.length; at += 1) {
    if (tokens.kinds[at] !== kinds.word) continue
    const isName = labels[at] !== 0
    if (isName ? chance.percent(45) : chance.percent(6)) {
      hashes[at] = unknownWord
      tails.four[at] = unknownWord
    }
    if (isName && chance.percent(18)) classes[at] = 0
  }
  const copy = {
    starts: tokens.starts,
    ends: tokens.ends,
    kinds: tokens.kinds,
    shapes: tokens.shapes,
    heads: tokens.heads,
  }
  return { tokens: { ...copy, hashes, tails, text: tokens.text, length: hashes.length } as unknown as Tokens, classes }
}

const unknownWord = 0x5eed

const weightCount = labelCount - 1
const rate = 0.12
const decay = 2e-6

/** Fits a linear-chain conditional random field by stochastic gradients (AdaGrad). */
export function train(examples: readonly Example[], training: Training): Weights {
  const { say, chance } = training
  const index = countFeatures(examples, training)
  say(`${index.size} features`)
  const weights = new Float32Array(index.size * weightCount)
  const squares = new Float32Array(index.size * weightCount).fill(1e-3)
  const moves = new Float64Array(labelCount * labelCount)
  const moveSquares = new Float64Array(labelCount * labelCount).fill(1e-3)
  const learner = { index, weights, squares, moves, moveSquares }
  for (let pass = 0; pass < training.passes; pass += 1) {
    let loss = 0
    for (const example of chance.shuffled(examples)) loss += learn(learner, example, blurred(example, training))
    say(`pass ${pass + 1}: loss ${(loss / examples.length).toFixed(4)} a text`)
  }
  const features = new Map<number, Float32Array>()
  for (const [feature, row] of index)
    features.set(feature, weights.subarray(row * weightCount, (row + 1) * weightCount))
  return { features, moves }
}

function countFeatures(examples: readonly Example[], training: Training): Map<number, number> {
  // A first look without exact counts keeps what is seen once out of the table.
  const rough = new Uint8Array(1 << 25)
  const out = new Int32Array(mostFeatures)
  const index = new Map<number, number>()
  for (const example of examples) {
    const classified = blurred(example, training)
    const { length } = example.labels
    for (let at = 0; at < length; at += 1) {
      const count = featuresOf(classified, at, { from: 0, to: length, out })
      for (let which = 0; which < count; which += 1) {
        const feature = out[which] as number
        const place = feature & (rough.length - 1)
        const seen = rough[place] as number
        if (seen < 255) rough[place] = seen + 1
        if (seen + 1 >= training.fewest && !index.has(feature)) index.set(feature, index.size)
      }
    }
  }
  return index
}

interface Learner {
  readonly index: ReadonlyMap<number, number>
  readonly weights: Float32Array
  readonly squares: Float32Array
  readonly moves: Float64Array
  readonly moveSquares: Float64Array
}

const impossible = -1e9
const isAllowed = Array.from({ length: labelCount * labelCount }, (_, at) =>
  mayFollow(Math.floor(at / labelCount), at % labelCount),
)

function logSum(values: Float64Array): number {
  let largest = -Infinity
  for (const value of values) largest = Math.max(largest, value)
  let total = 0
  for (const value of values) total += Math.exp(value - largest)
  return largest + Math.log(total)
}

/** One step by one text; its loss. */
function learn(
  { index, weights, squares, moves, moveSquares }: Learner,
  { labels }: Example,
  classified: Classified,
): number {
  const { length } = labels
  if (length === 0) return 0
  const rows: Int32Array[] = []
  const out = new Int32Array(mostFeatures)
  const scores = new Float64Array(length * labelCount)
  for (let at = 0; at < length; at += 1) {
    const count = featuresOf(classified, at, { from: 0, to: length, out })
    const own = new Int32Array(count)
    let used = 0
    for (let which = 0; which < count; which += 1) {
      const row = index.get(out[which] as number)
      if (row === undefined) continue
      own[used] = row
      used += 1
      for (let label = 0; label < weightCount; label += 1) {
        scores[at * labelCount + 1 + label] =
          (scores[at * labelCount + 1 + label] as number) + (weights[row * weightCount + label] as number)
      }
    }
    rows.push(own.subarray(0, used))
  }
  const { forth, back, total } = sums(scores, moves, length)
  const moveGradient = new Float64Array(labelCount * labelCount)
  let gold = 0
  for (let at = 0; at < length; at += 1) {
    const label = labels[at] as number
    gold += scores[at * labelCount + label] as number
    if (at > 0) gold += moves[(labels[at - 1] as number) * labelCount + label] as number
    for (let other = 0; other < labelCount; other += 1) {
      const place = at * labelCount + other
      const share = Math.exp((forth[place] as number) + (back[place] as number) - total)
      const gradient = (label === other ? 1 : 0) - share
      if (other > 0 && Math.abs(gradient) > 1e-4) {
        for (const row of rows[at] as Int32Array) {
          const weight = row * weightCount + other - 1
          const square = (squares[weight] as number) + gradient * gradient
          squares[weight] = square
          weights[weight] = (weights[weight] as number) * (1 - decay) + (rate * gradient) / Math.sqrt(square)
        }
      }
      if (at === 0) continue
      for (let before = 0; before < labelCount; before += 1) {
        const move = before * labelCount + other
        if (isAllowed[move] !== true) continue
        const logarithm =
          (forth[(at - 1) * labelCount + before] as number) +
          (moves[move] as number) +
          (scores[place] as number) +
          (back[place] as number) -
          total
        moveGradient[move] = (moveGradient[move] as number) - Math.exp(logarithm)
      }
    }
    if (at > 0) {
      const move = (labels[at - 1] as number) * labelCount + label
      moveGradient[move] = (moveGradient[move] as number) + 1
    }
  }
  for (let move = 0; move < moveGradient.length; move += 1) {
    const gradient = moveGradient[move] as number
    if (gradient === 0) continue
    moveSquares[move] = (moveSquares[move] as number) + gradient * gradient
    moves[move] = (moves[move] as number) + (rate * gradient) / Math.sqrt(moveSquares[move] as number)
  }
  return total - gold
}

/** `forth` holds the token's own score, `back` does not. */
function sums(scores: Float64Array, moves: Float64Array, length: number) {
  const forth = new Float64Array(scores.length)
  const back = new Float64Array(scores.length)
  const terms = new Float64Array(labelCount)
  for (let at = 0; at < length; at += 1) {
    for (let label = 0; label < labelCount; label += 1) {
      const place = at * labelCount + label
      if (at === 0) {
        forth[place] = (scores[place] as number) + (label === 0 || isBegin(label) ? 0 : impossible)
        continue
      }
      for (let before = 0; before < labelCount; before += 1) {
        const move = before * labelCount + label
        terms[before] =
          (forth[(at - 1) * labelCount + before] as number) +
          (isAllowed[move] === true ? (moves[move] as number) : impossible)
      }
      forth[place] = (scores[place] as number) + logSum(terms)
    }
  }
  for (let at = length - 2; at >= 0; at -= 1) {
    for (let label = 0; label < labelCount; label += 1) {
      for (let next = 0; next < labelCount; next += 1) {
        const move = label * labelCount + next
        const place = (at + 1) * labelCount + next
        terms[next] =
          (back[place] as number) +
          (scores[place] as number) +
          (isAllowed[move] === true ? (moves[move] as number) : impossible)
      }
      back[at * labelCount + label] = logSum(terms)
    }
  }
  return { forth, back, total: logSum(forth.subarray((length - 1) * labelCount)) }
}
