import { identityView, piecedView, type Piece, type TextView } from './text-view.ts'

const plain = /^[\t\n\r -~]*$/
const invisible = /^(?:[\p{Cf}\p{M}\u115f\u1160\u3164\uffa0]|(?![\t\n\r])\p{Cc})$/u
const dash = /^\p{Pd}$|^\u2212$/u
const space = /^\p{Zs}$/u
const digit = /^\p{Nd}$/u

// Letters of other alphabets that look like ASCII ones: an address written with them reads the same to a person.
const lookalikes: Readonly<Record<string, string>> = {
  а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', і: 'i', ј: 'j', ѕ: 's', ԁ: 'd', һ: 'h', к: 'k', м: 'm', т: 't', в: 'b',
  А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', Х: 'X', І: 'I', Ѕ: 'S', Ј: 'J',
  α: 'a', ο: 'o', ρ: 'p', ν: 'v', ι: 'i', κ: 'k', Α: 'A', Β: 'B', Ε: 'E', Ι: 'I', Κ: 'K', Μ: 'M', Ν: 'N', Ο: 'O', Ρ: 'P', Τ: 'T', Χ: 'X',
  '。': '.',
} // prettier-ignore

/** Decimal digits of every script stand in runs of ten, so the value is the distance to the run's start. */
function digitValue(character: string): string {
  let code = character.codePointAt(0) as number
  let value = 0
  while (digit.test(String.fromCodePoint(code - 1))) {
    code -= 1
    value += 1
  }
  return String(value % 10)
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

const rememberedFolds = 4_096
/** Results of `fold`, which depends on nothing else. */
const folds = new Map<string, string>()
/** Of characters of one code unit whether they fold to themselves: 0 where nobody has asked yet. */
const same = new Uint8Array(0x10000)
const [staysAsItIs, changes] = [1, 2]
same.fill(staysAsItIs, 0x20, 0x7f)
// Ideographs are what they are: none of the unified ones is folded.
same.fill(staysAsItIs, 0x4e00, 0xa000)

function isSame(code: number, character: string): boolean {
  // Half of a pair says nothing of the character.
  if (code > 0xffff || (code >= 0xd800 && code <= 0xdfff)) return foldOnce(character) === character
  same[code] ||= foldOnce(character) === character ? staysAsItIs : changes
  return same[code] === staysAsItIs
}

function foldOnce(character: string): string {
  let folded = folds.get(character)
  if (folded === undefined) {
    folded = fold(character)
    if (folds.size >= rememberedFolds) folds.clear()
    folds.set(character, folded)
  }
  return folded
}

/** The pieces of a text whose characters outside printable ASCII are folded; null when none of them changes. */
function foldedPieces(text: string): Piece[] | null {
  const pieces: Piece[] = []
  // A stretch that keeps its length is one piece.
  let stretch = ''
  let start = 0
  let from = 0
  const close = (end: number) => {
    const whole = stretch + text.slice(from, end)
    if (whole !== '') pieces.push({ text: whole, start, end })
    stretch = ''
  }
  let hasChanged = false
  for (let at = 0; at < text.length;) {
    if (same[text.charCodeAt(at)] === staysAsItIs) {
      at += 1
      continue
    }
    const code = text.codePointAt(at) as number
    const end = at + (code > 0xffff ? 2 : 1)
    const character = text.slice(at, end)
    if (!isSame(code, character)) {
      const folded = foldOnce(character)
      hasChanged = true
      if (folded.length === end - at) {
        stretch += text.slice(from, at) + folded
      } else {
        close(at)
        pieces.push({ text: folded, start: at, end })
        start = end
      }
      from = end
    }
    at = end
  }
  close(text.length)
  return hasChanged ? pieces : null
}

/**
 * The text without what hides things from a pattern and not from a reader: compatibility forms and full-width letters
 * (NFKD), combining marks, control, zero-width, bidi and tag characters, foreign digits, unusual dashes and spaces,
 * lookalikes.
 */
export function normalize(text: string): TextView {
  const pieces = plain.test(text) ? null : foldedPieces(text)
  return pieces === null ? identityView(text) : piecedView(pieces)
}
