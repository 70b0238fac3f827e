import { readableStretches } from './stretches.ts'
import type { TextView } from './text-view.ts'

/** A run of the characters of an encoding; `placeOf` says where its character `index` stands in the text. */
interface Run {
  /** Characters of the encoding alone, without what wraps or separates them. */
  readonly characters: string
  readonly from: number
  readonly to: number
  readonly placeOf: (index: number) => number
}

interface Encoding {
  readonly name: 'base64' | 'hex'
  /** How many bits one character stands for. */
  readonly bits: 4 | 6
  /** The number of characters after which a byte begins with a character again. */
  readonly phases: 2 | 4
}

const base64: Encoding = { name: 'base64', bits: 6, phases: 4 }
const hexadecimal: Encoding = { name: 'hex', bits: 4, phases: 2 }

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

/** A line break in a run, and what quotes or indents the next line. */
const lineBreak = /[ \t\r]{0,4}\n[ \t>]{0,16}/y

/** Where the run goes on after a line break; -1 where it ends. */
function afterBreak(text: string, at: number): number {
  lineBreak.lastIndex = at
  return lineBreak.test(text) ? lineBreak.lastIndex : -1
}

interface Gap {
  readonly from: number
  readonly to: number
}

/** Is what stands from one place to another to be read? */
type IsWanted = (from: number, to: number) => boolean

function* base64Runs(text: string, isWanted: IsWanted): Generator<Run> {
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
      for (let code = codeAt(sextets, text, at); code !== none; code = codeAt(sextets, text, at)) {
        if (code < firstSmallLetter) hasCapital = true
        at += 1
      }
      if (at - line < shortestLine) break
      const next = afterBreak(text, at)
      if (codeAt(sextets, text, next) === none) break
      gaps.push({ from: at, to: next })
      at = next
      line = next
    }
    if (at - from >= shortestBase64 && hasCapital && isWanted(from, at)) yield base64Run(text, { from, to: at, gaps })
  }
}

function base64Run(text: string, { from, to, gaps }: Gap & { readonly gaps: readonly Gap[] }): Run {
  let characters = ''
  let begins = from
  for (const gap of gaps) {
    characters += text.slice(begins, gap.from)
    begins = gap.to
  }
  characters += text.slice(begins, to)
  const placeOf = (index: number) => {
    let place = from + index
    for (const { from: gapBegins, to: gapEnds } of gaps) {
      if (place < gapBegins) break
      place += gapEnds - gapBegins
    }
    return place
  }
  return { characters, from, to, placeOf }
}

/** What stands between the digits of a hexadecimal run. */
const betweenDigits = /0(?=x)|[^0-9a-fA-F]+/g
const hexadecimalRun = /[0-9a-f]{2}(?:[ :,-]{0,2}(?:\r?\n[ \t]*|0x|\\x)?[0-9a-f]{2}){5,}[0-9a-f]?/gi

function* hexadecimalRuns(text: string, isWanted: IsWanted): Generator<Run & { readonly isSpaced: boolean }> {
  for (const { 0: token, index: from } of text.matchAll(hexadecimalRun)) {
    const to = from + token.length
    if (!isWanted(from, to)) continue
    const characters = token.replace(betweenDigits, '')
    const count = characters.length
    if (count < shortestHexadecimal) continue
    // Most runs say nothing: where their digits stand is seen when it is asked for.
    let places: readonly number[] | null = null
    const placeOf = (index: number) => from + ((places ??= digitPlaces(token))[Math.min(index, count - 1)] as number)
    yield { characters, from, to, placeOf, isSpaced: count < token.length }
  }
}

/** Where each digit of a hexadecimal run stands in it. */
function digitPlaces(token: string): number[] {
  const places: number[] = []
  for (let at = 0; at < token.length; at += 1) {
    const isPrefix = token[at] === '0' && token[at + 1] === 'x'
    if (!isPrefix && codeAt(nibbles, token, at) !== none) places.push(at)
  }
  return places
}

function* viewsOfRun({ characters, placeOf }: Run, { name, bits, phases }: Encoding): Generator<TextView> {
  for (let phase = 0; phase < phases; phase += 1) {
    for (const { text, places } of readableStretches(Buffer.from(characters.slice(phase), name))) {
      const first = (byte: number) => placeOf(phase + Math.floor((byte * 8) / bits))
      const last = (byte: number) => placeOf(phase + Math.ceil((byte * 8) / bits) - 1) + 1
      yield {
        text,
        span: (start, end) => ({ start: first(places[start] as number), end: last(places[end] as number) }),
      }
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
    readonly isWanted: IsWanted
    readonly hasBase64: boolean
    readonly hasPairs: boolean
  },
): Generator<TextView> {
  if (hasBase64) for (const run of base64Runs(text, isWanted)) yield* viewsOfRun(run, base64)
  if (!hasPairs) return
  for (const run of hexadecimalRuns(text, isWanted)) {
    for (const view of viewsOfRun(run, hexadecimal)) {
      // Pairs of digits apart from each other that say digits are numbers between 30 and 39.
      if (run.isSpaced && !/[a-z@]/i.test(view.text)) continue
      yield view
    }
  }
}
