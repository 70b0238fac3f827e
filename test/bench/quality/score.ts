import type { Random } from '../../support/random.ts'

/** A stretch of a text, in UTF-16 units, the end exclusive. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

/** A value that a person has marked in a text. */
export interface Marked extends Stretch {
  readonly label: string
}

export interface MarkedText {
  readonly text: string
  readonly marked: readonly Marked[]
}

/** Words of a text, counted by what they are and what becomes of them. */
export interface WordCount {
  /** Of values, and hidden. */
  readonly hidden: number
  /** Of values, and left. */
  readonly missed: number
  /** Of no value, and hidden. */
  readonly wrong: number
}

const word = /[\p{L}\p{N}]+/gu
const covers = (outer: Stretch, inner: Stretch) => outer.start <= inner.start && outer.end >= inner.end
const meets = (one: Stretch, other: Stretch) => one.start < other.end && one.end > other.start

/**
 * Counts the words of a text. A word is hidden where findings cover all of it. Words of values with a label that does not
 * count are left out, whatever becomes of them.
 */
export function countWords({ text, marked }: MarkedText, found: readonly Stretch[], counts: LabelTest): WordCount {
  const merged = union(found)
  const tally = { hidden: 0, missed: 0, wrong: 0 }
  for (const place of wordsOf(text, { start: 0, end: text.length })) {
    const labels = marked.filter((value) => meets(value, place)).map(({ label }) => label)
    const isHidden = merged.some((stretch) => covers(stretch, place))
    if (labels.some(counts)) tally[isHidden ? 'hidden' : 'missed'] += 1
    else if (labels.length === 0 && isHidden) tally.wrong += 1
  }
  return tally
}

export type LabelTest = (label: string) => boolean

/** Of the values of a label, how many have every word of theirs hidden, whatever kind the findings are of. */
export function hiddenValues(texts: readonly MarkedText[], found: readonly (readonly Stretch[])[], label: string) {
  let [hits, total] = [0, 0]
  for (const [index, { text, marked }] of texts.entries()) {
    const merged = union(found[index] ?? [])
    for (const value of marked.filter((each) => each.label === label)) {
      total += 1
      if (wordsOf(text, value).every((place) => merged.some((stretch) => covers(stretch, place)))) hits += 1
    }
  }
  return { hits, total }
}

/** Words of a text that a stretch of it has a part of. */
function wordsOf(text: string, of: Stretch): Stretch[] {
  return [...text.matchAll(word)]
    .map(({ index, 0: letters }) => ({ start: index, end: index + letters.length }))
    .filter((place) => meets(place, of))
}

/** Stretches that meet or touch as one. */
function union(stretches: readonly Stretch[]): Stretch[] {
  const merged: { start: number; end: number }[] = []
  for (const { start, end } of stretches.toSorted((one, other) => one.start - other.start)) {
    const last = merged.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}

export interface Score {
  readonly precision: number
  readonly recall: number
  /** The harmonic mean in which recall counts twice as much as precision; 0 to 1. */
  readonly f2: number
}

export function scoreOf(counts: readonly WordCount[]): Score {
  const sum = (read: (count: WordCount) => number) => counts.reduce((all, count) => all + read(count), 0)
  const [hidden, missed, wrong] = [sum((each) => each.hidden), sum((each) => each.missed), sum((each) => each.wrong)]
  const share = (of: number, all: number) => (all === 0 ? 0 : of / all)
  return {
    precision: share(hidden, hidden + wrong),
    recall: share(hidden, hidden + missed),
    f2: share(5 * hidden, 5 * hidden + 4 * missed + wrong),
  }
}

const samples = 2_000

/**
 * The middle 95 % of what a figure of texts is when as many texts are drawn from them again and again: texts are drawn whole,
 * since words of one stand and fall together.
 */
export function bootstrap(texts: number, figure: (drawn: readonly number[]) => number, random: Random): Stretch {
  const figures = Array.from({ length: samples }, () =>
    figure(Array.from({ length: texts }, () => Math.floor(random() * texts))),
  ).toSorted((one, other) => one - other)
  const at = (share: number) => figures[Math.round(share * (samples - 1))] ?? Number.NaN
  return { start: at(0.025), end: at(0.975) }
}
