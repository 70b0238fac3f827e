import { brokenWords } from './broken-words.ts'
import { disguisesIn, type Disguises } from './possible-disguises.ts'
import { letterLike } from './letter-shapes.ts'
import { collapsedLetters } from './repeated-letters.ts'
import { signsAsLetters } from './signs-as-letters.ts'
import { spacedLetters } from './spaced-letters.ts'
import { withPieces, identityView, through, type Piece, type TextView } from './text-view.ts'

const outsideAscii = /[^\0-\x7f]/ // oxlint-disable-line no-control-regex -- asks for what is not ASCII
const characterOutside = /[^\0-\x7f]/gu // oxlint-disable-line no-control-regex -- the same, character by character

function* drawnAlike(text: string): Generator<Piece> {
  for (const { 0: character, index: start } of text.matchAll(characterOutside)) {
    const letter = letterLike(character)
    if (letter !== undefined) yield { text: letter, start, end: start + character.length }
  }
}

/** A letter or digit of ASCII beside a letter of a script that sets no blanks between words. */
const seam =
  /(?<=[a-z0-9])(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}])|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}])(?=[a-z0-9])/giu

function* apartAtSeams(text: string): Generator<Piece> {
  for (const { index } of text.matchAll(seam)) {
    yield { text: `${text.charAt(index - 1)} `, start: index - 1, end: index }
  }
}

/** The text with blanks where scripts meet of which one sets none; null where none do. */
function apart(text: string): TextView | null {
  return outsideAscii.test(text) ? withPieces(text, apartAtSeams(text)) : null
}

/** The text with letters of other alphabets as the ones they are drawn like; null where there are none. */
function skeleton(text: string): TextView | null {
  return outsideAscii.test(text) ? withPieces(text, drawnAlike(text)) : null
}

/**
 * The spellings in which a person reads words that a list of them does not hold: words apart from those of scripts that set no
 * blanks, letters of other alphabets as those they
 * look like, signs and digits for letters (`h4te`), letters apart (`k i l l`, `k.i.l.l`), words in two (`ki-ll`), letters
 * that are drawn out (`kiiill`), in every combination. None where the text has none of it, as most have. For detectors that
 * go by words: numbers are not what they were.
 */
export function respellings(text: string): TextView[] {
  const separate = apart(text) ?? identityView(text)
  const shaped = skeleton(separate.text)
  const drawn = shaped === null ? separate : through(separate, shaped)
  const seenDrawn = disguisesIn(drawn.text)
  if (drawn.text === text && isUndisguised(seenDrawn)) return []
  const seenIn = (view: TextView): Disguises => (view.text === drawn.text ? seenDrawn : disguisesIn(view.text))
  const near = seenDrawn.apart ? spacedLetters(drawn.text) : null
  const together = near === null ? drawn : through(drawn, near)
  const signs = seenIn(together).signs ? signsAsLetters(together.text) : []
  const spelled = signs.map((view) => through(together, view))
  // What is undone last has all that was undone before, and everything else as it was.
  const last = spelled.length === 0 ? [together] : spelled
  const joined = last.flatMap((view) => {
    const whole = seenIn(view).broken ? brokenWords(view.text) : null
    return whole === null ? [] : [through(view, whole)]
  })
  const once = [...last, ...joined].flatMap((view) =>
    seenIn(view).drawnOut ? collapsedLetters(view.text).map((inner) => through(view, inner)) : [],
  )
  return distinct([drawn, together, ...spelled, ...joined, ...once], text)
}

const isUndisguised = (seen: Disguises): boolean => !(seen.apart || seen.signs || seen.broken || seen.drawnOut)

function distinct(views: readonly TextView[], text: string): TextView[] {
  const seen = new Set([text])
  return views.filter((view) => {
    if (view.text === '' || seen.has(view.text)) return false
    seen.add(view.text)
    return true
  })
}
