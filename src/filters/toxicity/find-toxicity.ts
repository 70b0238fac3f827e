import { categoryOf, kindCount } from './categories.ts'
import type { Lexicon } from './lexicon.ts'
import type { ToxicityModel } from './model.ts'
import { blockBits, ToxicityScorer, wordsOfStretch } from './scorer.ts'
import { severityIn, type Severity } from './severity.ts'
import { wordHits, type WordHit } from './word-rules.ts'
import type { SaidWords } from './words.ts'

/** A word or a passage; offsets are UTF-16 into the text, end exclusive. */
export interface ToxicPassage {
  readonly start: number
  readonly end: number
  readonly category: string
  readonly score: number
  readonly severity: Severity
}

/** What is less likely is not reported. */
const leastScore = 0.2

/** Says which passages of a text are toxic, of what kind and how grave, in time that follows its length. */
export class ToxicityFinder {
  readonly #scorer: ToxicityScorer
  readonly #calibration: ToxicityModel['header']['calibration']

  constructor(model: ToxicityModel, lexicon: Lexicon) {
    this.#scorer = new ToxicityScorer(model, lexicon)
    this.#calibration = model.header.calibration
  }

  /** `said`: words of which the same text was read before, in another way; what they say is not said again. */
  find(text: string, said: SaidWords[] | null = null): ToxicPassage[] {
    const passages: ToxicPassage[] = []
    if (!this.#scorer.read(text, said)) return passages
    const { words, annotations } = this.#scorer
    const hits = wordHits({ words, classes: annotations.classes })
    this.#addStretches(passages, hits)
    for (const { at, kind, score } of hits) {
      if (score < leastScore) continue
      const severity = severityIn(annotations.classes[at] as number, kind) || 1
      const [start, end] = [words.starts[at] as number, words.ends[at] as number]
      passages.push({ start, end, category: categoryOf(kind), score, severity })
    }
    return passages
  }

  /** The score of each kind in the passage that is most likely of it, in the order of `toxicityKinds`; also what is not reported. */
  scores(text: string): number[] {
    const passages = this.find(text)
    return Array.from({ length: kindCount }, (_, kind) => {
      let most = 0
      for (const { category, score } of passages) if (category === categoryOf(kind)) most = Math.max(most, score)
      if (most > 0) return most
      for (let stretch = 0; stretch < this.#scorer.stretches; stretch += 1) {
        most = Math.max(most, this.#probability(stretch, kind))
      }
      return Math.min(most, leastScore)
    })
  }

  /** Stretches beside each other that are of one kind are one passage. */
  #addStretches(passages: ToxicPassage[], hits: readonly WordHit[]): void {
    const { stretches } = this.#scorer
    for (let kind = 0; kind < kindCount; kind += 1) {
      const least = (this.#calibration[kind]?.[0] ?? [0])[0]
      for (let first = 0; first < stretches; first += 1) {
        if ((this.#scorer.sums[first * kindCount + kind] as number) <= least) continue
        let score = this.#probability(first, kind)
        if (score < leastScore) continue
        let last = first
        for (let next = first + 1; next < stretches; next += 1) {
          const probability = this.#probability(next, kind)
          if (probability < leastScore) break
          score = Math.max(score, probability)
          last = next
        }
        const passage = this.#passage(kind, score, { first, last, hits })
        if (passage !== null && passage.score >= leastScore) passages.push(passage)
        first = last
      }
    }
  }

  /** From the first word of the stretches that says something of the kind to the last; null where no word does. */
  #passage(kind: number, score: number, { first, last, hits }: Found): ToxicPassage | null {
    const { words, annotations } = this.#scorer
    const [from, to] = [first << blockBits, Math.min(words.length, (last << blockBits) + wordsOfStretch) - 1]
    let severity: Severity | 0 = 0
    let [firstWord, lastWord] = [-1, -1]
    let graveWords = 0
    for (let at = from; at <= to; at += 1) {
      const own = severityIn(annotations.classes[at] as number, kind)
      if (own === 0) continue
      if (own > severity) severity = own
      if (own > 1) graveWords += 1
      if (firstWord < 0) firstWord = at
      lastWord = at
    }
    if (severity === 0) return null
    return {
      start: words.starts[firstWord] as number,
      end: words.ends[lastWord] as number,
      category: categoryOf(kind),
      score: score * certaintyOf(hits, { kind, from: firstWord, to: lastWord, graveWords }),
      severity,
    }
  }

  #probability(stretch: number, kind: number): number {
    return probabilityOf(this.#scorer.sums[stretch * kindCount + kind] as number, this.#calibration[kind] ?? [])
  }
}

/** Stretches of a kind, and all words of the text that say something by themselves. */
interface Found {
  readonly first: number
  readonly last: number
  readonly hits: readonly WordHit[]
}

/** Where every grave word of a passage is quoted, denied or condemned, the passage is no surer than the surest of them. */
function certaintyOf(
  hits: readonly WordHit[],
  { kind, from, to, graveWords }: { kind: number; from: number; to: number; graveWords: number },
): number {
  let [count, most] = [0, 0]
  for (const hit of hits) {
    if (hit.kind !== kind || hit.at < from || hit.at > to) continue
    count += 1
    most = Math.max(most, hit.certainty)
  }
  return count > 0 && count >= graveWords ? most : 1
}

/** What a sum stands for: straight lines between the pairs of a table, its ends beyond them. */
export function probabilityOf(sum: number, table: readonly (readonly [number, number])[]): number {
  let before = table[0]
  if (before === undefined) return 0
  if (sum <= before[0]) return before[1]
  for (const pair of table) {
    if (sum <= pair[0]) {
      const width = pair[0] - before[0]
      return width === 0 ? pair[1] : before[1] + ((pair[1] - before[1]) * (sum - before[0])) / width
    }
    before = pair
  }
  return before[1]
}
