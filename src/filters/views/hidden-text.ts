import { piecedView, type Piece, type TextView } from './text-view.ts'

/** Letters that no font draws: those of tags, and bytes as selectors of variants. */
const tagsFrom = 0xe0020
const tagsTo = 0xe007e
const selectorsFrom = 0xfe00
const selectorsTo = 0xfe0f
const moreSelectorsFrom = 0xe0100
const moreSelectorsTo = 0xe01ef
/** A flag of a region is written with six tags at most, and an emoji has one selector. */
const fewestCharacters = 8
const run = /[\u{e0000}-\u{e007f}]{8,}|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{8,}/gu
/** The first half of a character beyond the first plane that is one of these, or a selector of the first. */
const hint = /\udb40[\udc00-\uddef]|[\ufe00-\ufe0f]{8}/

function codeOf(code: number): number {
  if (code >= tagsFrom && code <= tagsTo) return code - 0xe0000
  if (code >= selectorsFrom && code <= selectorsTo) return code - selectorsFrom
  return code >= moreSelectorsFrom && code <= moreSelectorsTo ? code - moreSelectorsFrom + 16 : -1
}

function piecesOf(hidden: string, start: number): Piece[] {
  const characters = Array.from(hidden)
  const codes = characters.map((character) => codeOf(character.codePointAt(0) as number))
  // Bytes that are not UTF-8 say nothing, and ASCII is UTF-8.
  const text = Buffer.from(codes.filter((code) => code >= 0)).toString('utf8')
  const width = hidden.length / characters.length
  const isOnePerByte = text.length === characters.length
  if (!isOnePerByte) return [{ text, start, end: start + hidden.length }]
  return Array.from(text, (character, index) => ({
    text: character,
    start: start + Math.floor(index * width),
    end: start + Math.ceil((index + 1) * width),
  }))
}

/** May a text hold characters that stand for others and are not drawn? */
export function mayHideText(text: string): boolean {
  return hint.test(text)
}

/**
 * What characters that are not drawn say: a reader sees nothing of them and a model reads every one. Null where there is
 * no run of them.
 */
export function hiddenText(text: string): TextView | null {
  if (!mayHideText(text)) return null
  const pieces: Piece[] = []
  for (const { 0: hidden, index } of text.matchAll(run)) {
    if (hidden.length < fewestCharacters) continue
    for (const piece of piecesOf(hidden, index)) pieces.push(piece)
    pieces.push({ text: '\n', start: index + hidden.length - 1, end: index + hidden.length })
  }
  return pieces.length === 0 ? null : piecedView(pieces)
}
