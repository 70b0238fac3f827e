import { isCommand } from './commands.ts'
import { mostFeatures, featuresOf, type Classified } from './features.ts'
import { beginOf, isBegin, kindOf, labelCount, mayFollow, nameKinds } from './labels.ts'
import type { NamesModel } from './model.ts'
import { kinds } from './tokens.ts'

/** A name in a row of tokens: from one token to another, the latter exclusive. */
export interface NameSpan {
  readonly from: number
  readonly to: number
  /** Place in `nameKinds`. */
  readonly kind: number
  /** How likely a word of it belongs to a name of any kind, on the average, 0 to 1. */
  readonly score: number
}

const impossible = -1e9

/** The sums of a chain, forth and back, and the likeliest way through it. */
class Chain {
  readonly #length: number
  readonly #scores: Float64Array
  readonly #moves: Float64Array
  readonly #moveWeights: Float64Array

  constructor(scores: Float64Array, moves: Float64Array) {
    this.#length = scores.length / labelCount
    this.#scores = scores
    this.#moves = moves
    this.#moveWeights = moves.map(Math.exp)
  }

  /** How likely each token belongs to each kind of name, `nameKinds.length` numbers a token. */
  likelihoods(): Float64Array {
    const weights = this.#weights()
    const [forth, back] = [this.#pass(weights, 1), this.#pass(weights, -1)]
    const sums = new Float64Array(this.#length * nameKinds.length)
    for (let at = 0; at < this.#length; at += 1) {
      let total = 0
      for (let label = 0; label < labelCount; label += 1) {
        const place = at * labelCount + label
        // What the token itself weighs stands in both.
        const weight = weights[place] as number
        const share = weight === 0 ? 0 : ((forth[place] as number) * (back[place] as number)) / weight
        total += share
        const kind = kindOf(label)
        if (kind >= 0) sums[at * nameKinds.length + kind] = (sums[at * nameKinds.length + kind] as number) + share
      }
      for (let kind = 0; kind < nameKinds.length; kind += 1) {
        sums[at * nameKinds.length + kind] = (sums[at * nameKinds.length + kind] as number) / total
      }
    }
    return sums
  }

  /** Of each label of each token, the heaviest of a token being 1. */
  #weights(): Float64Array {
    const weights = new Float64Array(this.#scores.length)
    for (let at = 0; at < this.#length; at += 1) {
      const from = at * labelCount
      const largest = this.#scores[from + highest(this.#scores, from)] as number
      for (let place = from; place < from + labelCount; place += 1) {
        weights[place] = Math.exp((this.#scores[place] as number) - largest)
      }
    }
    return weights
  }

  /** The sums over all ways from one end to each label, its own weight included; those of a token are 1 together. */
  #pass(weights: Float64Array, step: 1 | -1): Float64Array {
    const sums = new Float64Array(weights.length)
    const first = step === 1 ? 0 : this.#length - 1
    for (let at = first; at >= 0 && at < this.#length; at += step) {
      let total = 0
      for (let label = 0; label < labelCount; label += 1) {
        const place = at * labelCount + label
        const into = at === first ? Math.exp(this.#edge(label, step)) : this.#sumInto(sums, at - step, label, step)
        const sum = (weights[place] as number) * into
        sums[place] = sum
        total += sum
      }
      for (let place = at * labelCount; place < (at + 1) * labelCount; place += 1) {
        sums[place] = (sums[place] as number) / total
      }
    }
    return sums
  }

  #edge(label: number, step: 1 | -1): number {
    return step === -1 || label === 0 || isBegin(label) ? 0 : impossible
  }

  #sumInto(sums: Float64Array, from: number, label: number, step: 1 | -1): number {
    let total = 0
    for (let other = 0; other < labelCount; other += 1) {
      const move = step === 1 ? other * labelCount + label : label * labelCount + other
      total += (sums[from * labelCount + other] as number) * (this.#moveWeights[move] as number)
    }
    return total
  }

  /** The label of each token on the likeliest way, where leaving one out costs `reluctance`. */
  best(reluctance: number): Uint8Array {
    const best = new Float64Array(this.#scores.length)
    const origins = new Uint8Array(this.#scores.length)
    for (let at = 0; at < this.#length; at += 1) {
      for (let label = 0; label < labelCount; label += 1) {
        const place = at * labelCount + label
        const own = (this.#scores[place] as number) - (label === 0 ? reluctance : 0)
        best[place] = own + (at === 0 ? this.#edge(label, 1) : this.#bestInto(best, origins, at, label))
      }
    }
    const labels = new Uint8Array(this.#length)
    for (let at = this.#length - 1; at >= 0; at -= 1) {
      labels[at] =
        at === this.#length - 1
          ? highest(best, at * labelCount)
          : (origins[(at + 1) * labelCount + (labels[at + 1] as number)] as number)
    }
    return labels
  }

  #bestInto(best: Float64Array, origins: Uint8Array, at: number, label: number): number {
    let largest = -Infinity
    for (let other = 0; other < labelCount; other += 1) {
      const score =
        (best[(at - 1) * labelCount + other] as number) + (this.#moves[other * labelCount + label] as number)
      if (score <= largest) continue
      largest = score
      origins[at * labelCount + label] = other
    }
    return largest
  }
}

function highest(values: Float64Array, from: number): number {
  let best = 0
  for (let label = 1; label < labelCount; label += 1) {
    if ((values[from + label] as number) > (values[from + best] as number)) best = label
  }
  return best
}

function scoreOf(likelihoods: Float64Array, from: number, to: number, kindAt: (at: number) => number): number {
  let [sum, words] = [0, 0]
  for (let at = from; at < to; at += 1) {
    const kind = kindAt(at)
    if (kind !== kinds.word && kind !== kinds.number && kind !== kinds.mixed) continue
    words += 1
    for (let name = 0; name < nameKinds.length; name += 1) sum += likelihoods[at * nameKinds.length + name] as number
  }
  return words === 0 ? 0 : Math.min(1, sum / words)
}

/** A missed name costs more than a word hidden in vain: so much less likely does it have to be. */
const reluctance = 0.7

/** Finds the names in the tokens from `from` to `to`. Time and memory follow their number. */
export class NameReader {
  readonly #model: NamesModel
  readonly #moves: Float64Array
  readonly #features = new Int32Array(mostFeatures)

  constructor(model: NamesModel) {
    this.#model = model
    this.#moves = new Float64Array(labelCount * labelCount)
    const { transitions, step } = model.header
    for (let before = 0; before < labelCount; before += 1) {
      for (let label = 0; label < labelCount; label += 1) {
        const weight = (transitions[before]?.[label] ?? 0) * step
        this.#moves[before * labelCount + label] = mayFollow(before, label) ? weight : impossible
      }
    }
  }

  read(classified: Classified, from: number, to: number): NameSpan[] {
    const scores = this.#scoresOf(classified, from, to)
    const chain = new Chain(scores, this.#moves)
    const labels = chain.best(reluctance)
    if (labels.every((label) => label === 0)) return []
    const likelihoods = chain.likelihoods()
    const spans: NameSpan[] = []
    for (let at = 0; at < labels.length; at += 1) {
      const kind = kindOf(labels[at] as number)
      if (kind < 0) continue
      let end = at + 1
      while (end < labels.length && labels[end] === beginOf(kind) + 1) end += 1
      spans.push({
        from: from + at,
        to: from + end,
        kind,
        score: scoreOf(likelihoods, at, end, (place) => classified.tokens.kinds[from + place] as number),
      })
      at = end - 1
    }
    return spans
  }

  #scoresOf(classified: Classified, from: number, to: number): Float64Array {
    const scores = new Float64Array((to - from) * labelCount)
    const { step } = this.#model.header
    const stretch = { from, to, out: this.#features }
    for (let at = from; at < to; at += 1) {
      // What is no word is nothing but where it stands in one; what a sentence asks for is no name.
      if (classified.tokens.kinds[at] === kinds.opaque || isCommand(classified, at, from)) {
        scores.fill(impossible, (at - from) * labelCount + 1, (at - from + 1) * labelCount)
        continue
      }
      const count = featuresOf(classified, at, stretch)
      for (let index = 0; index < count; index += 1) {
        this.#model.addWeights(this.#features[index] as number, scores, (at - from) * labelCount)
      }
    }
    for (let at = 0; at < scores.length; at += 1)
      if ((scores[at] as number) > impossible) scores[at] = (scores[at] as number) * step
    return scores
  }
}
