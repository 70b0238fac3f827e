import { stripVTControlCharacters } from 'node:util'

/** Narrower than this no line is folded: hardly a word would fit. */
const leastWidth = 20

/**
 * Prose of ours for a terminal of `width` places a line, null for none: lines that are longer go on at a word, as far in as they began. Code is never
 * folded, since whoever copies it wants it as it is.
 */
export function foldText(text: string, width: number | null): string {
  if (width === null || width < leastWidth) return text
  return text
    .split('\n')
    .map((line) => (placesOf(line) <= width ? line : foldLine(line, width)))
    .join('\n')
}

function foldLine(line: string, width: number): string {
  const margin = (/^ */.exec(line)?.[0] ?? '').slice(0, Math.floor(width / 2))
  const lines: string[] = []
  let current = ''
  for (const word of line.trimStart().split(' ')) {
    const longer = current === '' ? `${margin}${word}` : `${current} ${word}`
    if (current !== '' && placesOf(longer) > width) {
      lines.push(current)
      current = `${margin}${word}`
    } else current = longer
  }
  return [...lines, current].join('\n')
}

/** One for each character but those of styles: prose of ours is written in letters of one place. */
function placesOf(text: string): number {
  return stripVTControlCharacters(text).length
}
