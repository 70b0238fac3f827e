import { decimalCodes } from './decimal-codes.ts'
import { encodedViews } from './encoded.ts'
import { hiddenText } from './hidden-text.ts'
import { normalize } from './normalize.ts'
import { render } from './render.ts'
import { respellings } from './respelled.ts'
import { through, touches, type Span, type TextView } from './text-view.ts'
import { traitsOf, type Traits } from './traits.ts'

/** A way to read a text, and what a detector could go by in it. */
export interface Reading extends TextView {
  readonly traits: Traits
}

/** A way to read the words of a text; what is respelled is no number and no key any more. */
export interface WordReading extends Reading {
  readonly isRespelled: boolean
}

const maximumDepth = 3
const stillEscaped = /%[0-9a-f]{2}|&#?[a-z0-9]{1,32};/i
/** Characters that a run of base64, or of pairs of hexadecimal digits, has at least. */
const shortestRun = 8
const shortestPairs = 12

function normalized(view: TextView): Reading {
  const { text, span } = view
  const traits = traitsOf(text)
  if (traits.isPlain) return { text, span, traits }
  const plain = normalize(text)
  if (plain.text === text) return { text, span, traits }
  return { ...through(view, plain), traits: traitsOf(plain.text) }
}

function addReadings(
  readings: Reading[],
  reading: Reading,
  { depth, focus }: { readonly depth: number; readonly focus: Span },
): void {
  const shown = reading.traits.hasMarkup ? render(reading.text) : []
  const ways = [reading]
  for (const view of shown) {
    const once = normalized(through(reading, view))
    // What was escaped twice is escaped still.
    const twice = stillEscaped.test(once.text) ? render(once.text) : []
    ways.push(once, ...twice.map((inner) => normalized(through(once, inner))))
  }
  readings.push(...ways)
  if (depth === 0) return
  const isWantedOf = (way: Reading) => (from: number, to: number) => touches(way.span(from, to), focus)
  for (const way of ways) {
    const hasBase64 = way.traits.longestMixedRun >= shortestRun
    const hasPairs = way.traits.longestPairs >= shortestPairs
    if (!hasBase64 && !hasPairs) continue
    const options = { isWanted: isWantedOf(way), hasBase64, hasPairs }
    for (const inner of encodedViews(way.text, options)) {
      addReadings(readings, normalized(through(way, inner)), { depth: depth - 1, focus })
    }
  }
}

/**
 * Every way the text can be read: normalized, as it is shown when it is rendered, with base64 and hexadecimal opened, three
 * deep, and what it says in characters that are not drawn. Encodings are opened where they touch the focus.
 */
export function readingsOf(text: string, focus: Span = { start: 0, end: text.length }): readonly Reading[] {
  const readings: Reading[] = []
  const written = { text, span: (start: number, end: number) => ({ start, end }) }
  const plain = normalized(written)
  addReadings(readings, plain, { depth: maximumDepth, focus })
  // Of what is not drawn the normalized text has nothing.
  const hidden = plain.text === text ? null : hiddenText(text)
  if (hidden !== null) addReadings(readings, normalized(through(written, hidden)), { depth: maximumDepth, focus })
  return readings
}

/** The text as it is written, and as programs show it; nothing that is encoded in it is opened. */
export function shownReadingsOf(text: string): readonly TextView[] {
  const readings: Reading[] = []
  const written = { text, span: (start: number, end: number) => ({ start, end }) }
  addReadings(readings, normalized(written), { depth: 0, focus: { start: 0, end: text.length } })
  return readings
}

/** The readings of a text, and what lists of decimal codes in them say: in tables of numbers, these are numbers. */
export function codedReadingsOf(readings: readonly Reading[]): readonly Reading[] {
  const coded = readings.flatMap((reading) => {
    const said = reading.traits.digits === 0 ? null : decimalCodes(reading.text)
    return said === null ? [] : [normalized(through(reading, said))]
  })
  return coded.length === 0 ? readings : [...readings, ...coded]
}

/** The readings of a text, each of them followed by the spellings in which its words are read. */
export function wordReadingsOf(readings: readonly Reading[]): readonly WordReading[] {
  const words: WordReading[] = []
  for (const [index, reading] of codedReadingsOf(readings).entries()) {
    words.push(Object.assign({ isRespelled: index >= readings.length }, reading))
    for (const view of respellings(reading.text)) {
      words.push(Object.assign({ isRespelled: true, traits: reading.traits }, through(reading, view)))
    }
  }
  return words
}
