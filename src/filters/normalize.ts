/** Text as a detector reads it, with the way back to the text it was made from. */
export interface TextView {
  readonly text: string
  /** Offsets into the original of the characters `start` to `end` (exclusive) of `text`. */
  span(start: number, end: number): { readonly start: number; readonly end: number }
}

const plain = /^[\t\n\r -~]*$/
const invisible = /^[\p{Cf}\p{M}\u115f\u1160\u3164\uffa0]$/u
const dash = /^\p{Pd}$|^\u2212$/u
const space = /^\p{Zs}$/u
const digit = /^\p{Nd}$/u

// Letters of other alphabets that look like ASCII ones: an address written with them reads the same to a person.
const lookalikes: Readonly<Record<string, string>> = {
  а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', і: 'i', ј: 'j', ѕ: 's', ԁ: 'd', һ: 'h', к: 'k', м: 'm', т: 't', в: 'b',
  А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', Х: 'X', І: 'I', Ѕ: 'S', Ј: 'J',
  α: 'a', ο: 'o', ρ: 'p', ν: 'v', ι: 'i', κ: 'k', Α: 'A', Β: 'B', Ε: 'E', Ι: 'I', Κ: 'K', Μ: 'M', Ν: 'N', Ο: 'O', Ρ: 'P', Τ: 'T', Χ: 'X',
} // prettier-ignore

/** Decimal digits of every script stand in runs of ten, so the value is the distance to the run's start. */
function digitValue(character: string): string {
  let code = character.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && digit.test(String.fromCodePoint(code - 1))) {
    code -= 1
    value += 1
  }
  return String(value)
}

function fold(character: string): string {
  if (invisible.test(character)) return ''
  if (dash.test(character)) return '-'
  if (space.test(character)) return ' '
  let folded = ''
  for (const piece of character.normalize('NFKD')) {
    if (invisible.test(piece)) continue
    folded += piece > '\u007f' && digit.test(piece) ? digitValue(piece) : (lookalikes[piece] ?? piece)
  }
  return folded
}

export function identityView(text: string): TextView {
  return { text, span: (start, end) => ({ start, end }) }
}

/** A view built piece by piece: each piece of the result stands for a stretch of the original. */
export function mappedView(
  pieces: Iterable<{ readonly text: string; readonly start: number; readonly end: number }>,
): TextView {
  const starts: number[] = []
  const ends: number[] = []
  let text = ''
  for (const piece of pieces) {
    text += piece.text
    for (let index = 0; index < piece.text.length; index += 1) {
      starts.push(piece.start)
      ends.push(piece.end)
    }
  }
  return {
    text,
    span: (start, end) => ({ start: starts[start] ?? 0, end: ends[end - 1] ?? starts[start] ?? 0 }),
  }
}

function* foldedPieces(text: string) {
  let start = 0
  for (const character of text) {
    const end = start + character.length
    yield { text: character <= '\u007f' ? character : fold(character), start, end }
    start = end
  }
}

/**
 * The text without what hides things from a pattern and not from a reader: compatibility forms and full-width letters
 * (NFKD), combining marks, zero-width, bidi and tag characters, foreign digits, unusual dashes and spaces, lookalikes.
 */
export function normalize(text: string): TextView {
  return plain.test(text) ? identityView(text) : mappedView(foldedPieces(text))
}
