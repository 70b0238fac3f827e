import { readableStretches } from './stretches.ts'
import type { TextView } from './text-view.ts'

/** A run of the characters of an encoding; `placeOf` says where its character `index` stands in the text. */
interface Run {
  readonly codes: Uint8Array
  readonly from: number
  readonly to: number
  readonly placeOf: (index: number) => number
}

/** Characters that eight of base64 or twelve of hexadecimal make: nothing that is looked for is shorter. */
const shortestBase64 = 8
const shortestHexadecimal = 12
/** A line of at least so many characters may go on in the next. */
const shortestLine = 16
const none = 255
/** The sign of an address, a blank and every third digit are a capital letter of base64: a plain word holds none. */
const firstSmallLetter = 26

function table(characters: string): Uint8Array {
  const codes = new Uint8Array(128).fill(none)
  for (let index = 0; index < characters.length; index += 1) codes[characters.charCodeAt(index)] = index
  return codes
}

const sextets = table('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
sextets[45] = 62
sextets[95] = 63
const nibbles = table('0123456789abcdef')
for (let index = 0; index < 6; index += 1) nibbles[65 + index] = 10 + index

function codeAt(codes: Uint8Array, text: string, at: number): number {
  const character = text.charCodeAt(at)
  return character < 128 ? (codes[character] as number) : none
}

/** Where the run goes on after a line break and what quotes or indents the next line; -1 where it ends. */
function afterBreak(text: string, at: number): number {
  let next = at
  while (next < text.length && next < at + 4 && ' \t\r'.includes(text.charAt(next))) next += 1
  if (text.charCodeAt(next) !== 10) return -1
  next += 1
  const line = next
  while (next < text.length && next < line + 16 && ' \t>'.includes(text.charAt(next))) next += 1
  return next
}

interface Gap {
  readonly from: number
  readonly to: number
}

function* base64Runs(text: string): Generator<Run> {
  let at = 0
  while (at < text.length) {
    if (codeAt(sextets, text, at) === none) {
      at += 1
      continue
    }
    const from = at
    let line = at
    let hasCapital = false
    const gaps: Gap[] = []
    for (;;) {
      for (let code = codeAt(sextets, text, at); at < text.length && code !== none; code = codeAt(sextets, text, at)) {
        if (code < firstSmallLetter) hasCapital = true
        at += 1
      }
      if (at - line < shortestLine || at >= text.length) break
      const next = afterBreak(text, at)
      if (next < 0 || codeAt(sextets, text, next) === none) break
      gaps.push({ from: at, to: next })
      at = next
      line = next
    }
    if (at - from >= shortestBase64 && hasCapital) yield base64Run(text, { from, to: at, gaps })
  }
}

function base64Run(text: string, { from, to, gaps }: Gap & { readonly gaps: readonly Gap[] }): Run {
  const codes = new Uint8Array(to - from)
  let count = 0
  let gap = 0
  for (let at = from; at < to; at += 1) {
    if (gaps[gap]?.from === at) {
      at = gaps[gap]?.to ?? at
      gap += 1
    }
    codes[count] = codeAt(sextets, text, at)
    count += 1
  }
  const placeOf = (index: number) => {
    let place = from + index
    for (const { from: begins, to: ends } of gaps) {
      if (place < begins) break
      place += ends - begins
    }
    return place
  }
  return { codes: codes.subarray(0, count), from, to, placeOf }
}

const hexadecimalRun = /[0-9a-f]{2}(?:[ :,-]{0,2}(?:\r?\n[ \t]*|0x|\\x)?[0-9a-f]{2}){5,}[0-9a-f]?/gi

function* hexadecimalRuns(text: string): Generator<Run & { readonly isSpaced: boolean }> {
  for (const { 0: token, index: from } of text.matchAll(hexadecimalRun)) {
    const codes = new Uint8Array(token.length)
    const places = new Int32Array(token.length)
    let count = 0
    for (let at = 0; at < token.length; at += 1) {
      const isPrefix = token[at] === '0' && token[at + 1] === 'x'
      const nibble = isPrefix ? none : codeAt(nibbles, token, at)
      if (nibble === none) continue
      codes[count] = nibble
      places[count] = from + at
      count += 1
    }
    if (count < shortestHexadecimal) continue
    const to = from + token.length
    const placeOf = (index: number) => places[Math.min(index, count - 1)] ?? to
    yield { codes: codes.subarray(0, count), from, to, placeOf, isSpaced: count < token.length }
  }
}

/** Writes the bytes that a run says when its first `phase` characters belong to something else; their number. */
function decode(
  codes: Uint8Array,
  { bits, phase }: { readonly bits: 4 | 6; readonly phase: number },
  bytes: Uint8Array,
): number {
  let held = 0
  let width = 0
  let count = 0
  for (let at = phase; at < codes.length; at += 1) {
    held = ((held << bits) | (codes[at] as number)) & 0xffff
    width += bits
    if (width < 8) continue
    width -= 8
    bytes[count] = (held >> width) & 255
    count += 1
  }
  return count
}

function* viewsOfRun({ codes, placeOf }: Run, bits: 4 | 6): Generator<TextView> {
  const bytes = new Uint8Array(Math.ceil((codes.length * bits) / 8))
  const phases = bits === 6 ? 4 : 2
  for (let phase = 0; phase < phases; phase += 1) {
    const length = decode(codes, { bits, phase }, bytes)
    for (const { text, places } of readableStretches(bytes, length)) {
      const first = (byte: number) => placeOf(phase + Math.floor((byte * 8) / bits))
      const last = (byte: number) => placeOf(phase + Math.ceil((byte * 8) / bits) - 1) + 1
      yield { text, span: (start, end) => ({ start: first(places[start] ?? 0), end: last(places[end] ?? 0) }) }
    }
  }
}

/**
 * What base64 (either alphabet, wrapped or not) and hexadecimal in a text say, wherever it begins: each reading of a run
 * starts at another of its characters, so that neither a prefix nor a cut hides what follows. A finding covers the
 * encoded characters that hold it. Only runs that `isWanted` accepts are read.
 */
export function* encodedViews(
  text: string,
  {
    isWanted,
    hasBase64,
    hasPairs,
  }: {
    readonly isWanted: (from: number, to: number) => boolean
    readonly hasBase64: boolean
    readonly hasPairs: boolean
  },
): Generator<TextView> {
  if (hasBase64) for (const run of base64Runs(text)) if (isWanted(run.from, run.to)) yield* viewsOfRun(run, 6)
  if (!hasPairs) return
  for (const run of hexadecimalRuns(text)) {
    if (!isWanted(run.from, run.to)) continue
    for (const view of viewsOfRun(run, 4)) {
      // Pairs of digits apart from each other that say digits are numbers between 30 and 39.
      if (run.isSpaced && !/[a-z@]/i.test(view.text)) continue
      yield view
    }
  }
}
