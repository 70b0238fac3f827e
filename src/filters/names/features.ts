import { mix, type Tokens } from './tokens.ts'

/** What lists say of a word: sums of these. */
export const classes = {
  given: 1,
  surname: 2,
  city: 4,
  region: 8,
  street: 16,
  organization: 32,
  common: 64,
  title: 128,
} as const

/** Tokens with the class of each. */
export interface Classified {
  readonly tokens: Tokens
  readonly classes: ArrayLike<number>
}

/** How many features a token has at most. */
export const mostFeatures = 44

/** Beyond the ends of a stretch stands one and the same token. */
const outside = -1

/**
 * The features of the token at `at` of a stretch from `from` to `to`, as hashes of 32 bits, into `out`; how many there
 * are. The same ones in training and in use: a change of this function wants a new model.
 */
export function featuresOf({ tokens, classes }: Classified, at: number, { from, to, out }: Stretch): number {
  const { hashes, shapes, heads, tails, kinds } = tokens
  const inside = (place: number) => place >= from && place < to
  const word = (place: number) => (inside(place) ? (hashes[place] as number) : outside)
  const shape = (place: number) => (inside(place) ? (shapes[place] as number) : outside)
  const kind = (place: number) => (inside(place) ? (kinds[place] as number) : outside)
  const listed = (place: number) => (inside(place) ? (classes[place] as number) : outside)
  const [w, w1, w2, b1, b2, b3] = [word(at), word(at + 1), word(at + 2), word(at - 1), word(at - 2), word(at - 3)]
  const [s, s1, s2, sb1, sb2] = [shape(at), shape(at + 1), shape(at + 2), shape(at - 1), shape(at - 2)]
  const [c, c1, c2, cb1, cb2] = [listed(at), listed(at + 1), listed(at + 2), listed(at - 1), listed(at - 2)]
  const form = mix(s, c)
  let count = 0
  const add = (value: number) => {
    out[count] = mix(value, count)
    count += 1
  }
  add(1)
  add(w)
  add(b1)
  add(w1)
  add(b2)
  add(w2)
  add(mix(b1, w))
  add(mix(w, w1))
  add(mix(b2, b1))
  add(mix(w1, w2))
  add(s)
  add(mix(sb1, s))
  add(mix(s, s1))
  add(mix(mix(sb1, s), s1))
  add(mix(mix(sb2, sb1), s))
  add(mix(mix(s, s1), s2))
  add(mix(heads[at] as number, s))
  add(mix(tails.two[at] as number, s))
  add(tails.three[at] as number)
  add(tails.four[at] as number)
  add(form)
  add(mix(cb1, form))
  add(mix(form, c1))
  add(mix(mix(cb1, form), c1))
  add(mix(form, mix(c1, c2)))
  add(mix(form, mix(cb1, cb2)))
  add(mix(b1, s))
  add(mix(w1, s))
  add(mix(b1, form))
  add(mix(w1, form))
  add(mix(mix(b2, b1), s))
  add(mix(mix(w1, w2), s))
  add(mix(mix(b2, b1), form))
  add(mix(mix(b3, b2), mix(b1, s)))
  add(mix(b2, form))
  add(mix(w2, form))
  add(mix(mix(sb1, s), mix(s1, c)))
  add(mix(mix(sb1, cb1), mix(form, mix(s1, c1))))
  add(mix(b1, mix(form, w1)))
  add(mix(b1, mix(s, w1)))
  add(mix(inside(at - 1) ? (tails.three[at - 1] as number) : outside, s))
  add(mix(inside(at + 1) ? (tails.three[at + 1] as number) : outside, s))
  add(mix(kind(at - 1), mix(kind(at - 2), form)))
  add(mix(b3, s))
  return count
}

/** Where the stretch of a text stands that is read as one, and where its features go. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly out: Int32Array
}
