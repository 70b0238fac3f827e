import { describe, expect, it } from 'vitest'
import { featuresOf, mostFeatures, type Classified } from '../../../../src/filters/names/features.ts'
import type { Tokens } from '../../../../src/filters/names/tokens.ts'

interface Columns {
  readonly hashes: number[]
  readonly shapes: number[]
  readonly heads: number[]
  readonly kinds: number[]
  readonly tails: { readonly two: number[]; readonly three: number[]; readonly four: number[] }
  readonly classes: number[]
}

const column = (from: number) => Array.from({ length: 9 }, (_, at) => from + at)
const columns = (): Columns => ({
  hashes: column(100),
  shapes: column(200),
  heads: column(300),
  kinds: column(400),
  tails: { two: column(500), three: column(600), four: column(700) },
  classes: column(800),
})

const toClassified = ({ classes, ...tokens }: Columns): Classified => ({ tokens: tokens as unknown as Tokens, classes })
const middle = 4

function features(made: Columns, at = middle, from = 0, to = 9): number[] {
  const out = new Int32Array(mostFeatures)
  return Array.from(out.slice(0, featuresOf(toClassified(made), at, { from, to, out })))
}

/** Places of the features that are others where one number of a column is another. */
function changed(change: (made: Columns) => void): number[] {
  const made = columns()
  change(made)
  const [before, after] = [features(columns()), features(made)]
  return before.flatMap((feature, at) => (feature === after[at] ? [] : [at]))
}

describe('the features of a token', () => {
  it('are as many as there can be, each another one', () => {
    expect(new Set(features(columns())).size).toBe(mostFeatures)
  })

  it.each([
    ['its word', 0, [1, 6, 7]],
    ['the word before it', -1, [2, 6, 8, 26, 28, 30, 32, 33, 38, 39]],
    ['the word behind it', 1, [3, 7, 9, 27, 29, 31, 38, 39]],
    ['the second word before it', -2, [4, 8, 30, 32, 33, 34]],
    ['the second word behind it', 2, [5, 9, 31, 35]],
    ['the third word before it', -3, [33, 43]],
  ])('see %s', (_what, offset, places) => {
    expect(changed(({ hashes }) => void (hashes[middle + offset] = 1))).toEqual(places)
  })

  it.each([
    ['how it is written', 0, [10, 11, 12, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43]],
    ['how what stands before it is', -1, [11, 13, 14, 36, 37]],
    ['how what stands behind it is', 1, [12, 13, 15, 36, 37]],
    ['how the second before it is', -2, [14]],
    ['how the second behind it is', 2, [15]],
  ])('see %s', (_what, offset, places) => {
    expect(changed(({ shapes }) => void (shapes[middle + offset] = 1))).toEqual(places)
  }) // prettier-ignore

  it.each([
    ['it', 0, [20, 21, 22, 23, 24, 25, 28, 29, 32, 34, 35, 36, 37, 38, 42]],
    ['the word before it', -1, [21, 23, 25, 37]],
    ['the word behind it', 1, [22, 23, 24, 37]],
    ['the second before it', -2, [25]],
    ['the second behind it', 2, [24]],
  ])('see what lists say of %s', (_what, offset, places) => {
    expect(changed(({ classes }) => void (classes[middle + offset] = 1))).toEqual(places)
  })

  it('see its beginning and its ends, and those of its neighbours', () => {
    expect(changed(({ heads }) => void (heads[middle] = 1))).toEqual([16])
    expect(changed(({ tails }) => void (tails.two[middle] = 1))).toEqual([17])
    expect(changed(({ tails }) => void (tails.three[middle] = 1))).toEqual([18])
    expect(changed(({ tails }) => void (tails.four[middle] = 1))).toEqual([19])
    expect(changed(({ tails }) => void (tails.three[middle - 1] = 1))).toEqual([40])
    expect(changed(({ tails }) => void (tails.three[middle + 1] = 1))).toEqual([41])
    expect(changed(({ kinds }) => void (kinds[middle - 1] = 1))).toEqual([42])
    expect(changed(({ kinds }) => void (kinds[middle - 2] = 1))).toEqual([42])
  })

  it('see nothing of what is farther away', () => {
    for (const offset of [-4, 3, 4]) {
      const change = (made: Columns) => {
        for (const list of [made.hashes, made.shapes, made.classes, made.kinds, made.heads, made.tails.three])
          list[middle + offset] = 1
      }
      expect(changed(change)).toEqual([])
    }
  })

  it('see nothing of what stands outside of the stretch', () => {
    const made = columns()
    for (const list of [made.hashes, made.shapes, made.classes, made.kinds, made.tails.three]) {
      list.fill(1, 0, middle)
      list.fill(1, middle + 1)
    }
    expect(features(made, middle, middle, middle + 1)).toEqual(features(columns(), middle, middle, middle + 1))
    expect(features(columns(), middle, middle, middle + 1)).not.toEqual(features(columns()))
  })
})
