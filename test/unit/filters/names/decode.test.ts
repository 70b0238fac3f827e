import { describe, expect, it } from 'vitest'
import { NameReader, type NameSpan } from '../../../../src/filters/names/decode.ts'
import { featuresOf, mostFeatures, type Classified } from '../../../../src/filters/names/features.ts'
import { isBegin, kindOf, labelCount, mayFollow, nameKinds } from '../../../../src/filters/names/labels.ts'
import type { NamesModel } from '../../../../src/filters/names/model.ts'
import { kinds, mix, Tokens } from '../../../../src/filters/names/tokens.ts'
import { createRandom } from '../../../support/random.ts'

const reluctance = 0.7
const step = 0.05

/** What a feature weighs for a label: by chance, but the same every time. */
const weightOf = (feature: number, label: number, seed: number) => (mix(mix(feature, label), seed) % 7) / 2

function modelOf(seed: number): NamesModel {
  const random = createRandom(seed)
  const transitions = Array.from({ length: labelCount }, () =>
    Array.from({ length: labelCount }, () => Math.round(random() * 40 - 20)),
  )
  const addWeights = (feature: number, scores: Float64Array, at: number) => {
    for (let label = 1; label < labelCount; label += 1)
      scores[at + label] = (scores[at + label] ?? 0) + weightOf(feature, label, seed)
  }
  return { header: { transitions, step }, addWeights } as unknown as NamesModel
}

/** Every way of labels through so many tokens that a name can take. */
function* waysOf(length: number, way: readonly number[] = []): Generator<readonly number[]> {
  if (way.length === length) return yield way
  for (let label = 0; label < labelCount; label += 1) {
    const before = way.at(-1)
    const isAllowed = before === undefined ? label === 0 || isBegin(label) : mayFollow(before, label)
    if (isAllowed) yield* waysOf(length, [...way, label])
  }
}

/** What `NameReader` finds, by trying every way. */
function tried(classified: Classified, from: number, to: number, seed: number): NameSpan[] {
  const { header } = modelOf(seed)
  const out = new Int32Array(mostFeatures)
  const scores = Array.from({ length: to - from }, (_, at) => {
    const count = featuresOf(classified, from + at, { from, to, out })
    const features = Array.from(out.slice(0, count))
    return Array.from({ length: labelCount }, (_unused, label) => {
      if (label === 0) return 0
      if (classified.tokens.kinds[from + at] === kinds.opaque) return -Infinity
      return features.reduce((sum, feature) => sum + weightOf(feature, label, seed), 0) * step
    })
  })
  const moveOf = (before: number, label: number) => (header.transitions[before]?.[label] ?? 0) * step
  const weigh = (way: readonly number[], cost: number) =>
    way.reduce(
      (sum, label, at) =>
        sum + (scores[at]?.[label] ?? 0) - (label === 0 ? cost : 0) + (at === 0 ? 0 : moveOf(way[at - 1] ?? 0, label)),
      0,
    )
  let [best, most, total] = [[] as readonly number[], -Infinity, 0]
  const shares = Array.from({ length: to - from }, () => 0)
  for (const way of waysOf(to - from)) {
    const weight = weigh(way, reluctance)
    if (weight > most) [best, most] = [way, weight]
    const share = Math.exp(weigh(way, 0))
    total += share
    for (const [at, label] of way.entries()) if (label > 0) shares[at] = (shares[at] ?? 0) + share
  }
  const spans: NameSpan[] = []
  for (let at = 0; at < best.length; at += 1) {
    const kind = kindOf(best[at] ?? 0)
    if (kind < 0) continue
    let end = at + 1
    while (end < best.length && best[end] === 2 + 2 * kind) end += 1
    const words = Array.from({ length: end - at }, (_, index) => at + index).filter(
      (place) => (classified.tokens.kinds[from + place] ?? 9) <= kinds.mixed,
    )
    const score =
      words.length === 0 ? 0 : words.reduce((sum, place) => sum + (shares[place] ?? 0) / total, 0) / words.length
    spans.push({ from: from + at, to: from + end, kind, score })
    at = end - 1
  }
  return spans
}

const classify = (tokens: Tokens): Classified => ({ tokens, classes: tokens.hashes.map((hash) => Math.abs(hash) % 64) })

describe('the reader of names', () => {
  it.each([
    ['words', 'kim wexler saw ann'],
    ['signs and numbers', 'kim, 12 b1'],
    ['what is opaque', 'kim a_b ann'],
    ['one word', 'kim'],
    ['signs alone', ', ;'],
  ])('finds the likeliest way of all, and how likely its words are names: %s', (_what, text) => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const classified = classify(new Tokens(text))
      const { length } = classified.tokens
      const found = new NameReader(modelOf(seed)).read(classified, 0, length)
      const expected = tried(classified, 0, length, seed)
      expect(found.map(({ from, to, kind }) => [from, to, kind])).toEqual(
        expected.map(({ from, to, kind }) => [from, to, kind]),
      )
      for (const [at, { score }] of found.entries()) expect(score).toBeCloseTo(expected[at]?.score ?? -1, 9)
    }
  })

  it('reads a stretch as if nothing stood around it', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const classified = classify(new Tokens('saw kim wexler, ann went'))
      const found = new NameReader(modelOf(seed)).read(classified, 1, 4)
      expect(found.map(({ from, to, kind }) => [from, to, kind])).toEqual(
        tried(classified, 1, 4, seed).map(({ from, to, kind }) => [from, to, kind]),
      )
    }
  })

  it('bars the verb that a sentence begins with', () => {
    const everything = { header: { transitions: modelOf(1).header.transitions.map((row) => row.map(() => 0)), step: 1 }, addWeights: (_feature: number, scores: Float64Array, at: number) => void (scores[at + 1] = 9) } as unknown as NamesModel // prettier-ignore
    const tokens = new Tokens('Ask Maria')
    const spans = new NameReader(everything).read({ tokens, classes: [0, 0] }, 0, 2)
    expect(spans.map(({ from, to, kind }) => [from, to, nameKinds[kind]])).toEqual([[1, 2, 'person']])
  })
})
