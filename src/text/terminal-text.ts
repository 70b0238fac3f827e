// Control characters are exactly what is looked for.
/* oxlint-disable no-control-regex */

/** Anything a terminal would not show as it stands: C0 but tab and line feed, DEL, C1. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

const sequence = /\u001b\[|\u009b/y
const csi = /[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]/y
/** Device control, operating system command and their kin hold a string up to a terminator, here on the same line. */
const stringStart = /\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f]/y
const stringEnd = /\u0007|\u001b\\|\u009c|\n/g
const escape = /\u001b[\u0020-\u002f]*[\u0030-\u007e]?/y

/** Erases from the cursor to the end of the line; stands for the sequence once others are gone. */
const eraseToEnd = '\u0000'
/** Erases the whole line. */
const eraseLine = '\u0001'

/**
 * What a terminal shows of a program's output when all of it is written: a carriage return goes back to the beginning
 * of the line, so that what comes next is written over it; a backspace goes one back; escape sequences (colors, cursor,
 * titles, links) show nothing. Done before anything is screened, so that no control character can stand within what a
 * filter looks for. Linear in the length of the text.
 */
export function terminalText(text: string): string {
  if (!control.test(text)) return text
  const shown = withoutSequences(text.replaceAll('\r\n', '\n'))
  return shown.split('\n').map(shownLine).join('\n')
}

function matchAt(pattern: RegExp, text: string, position: number): string | null {
  pattern.lastIndex = position
  return pattern.exec(text)?.[0] ?? null
}

/** The text with every sequence left out, but for those that erase, and each control character that moves to a new line. */
function withoutSequences(text: string): string {
  const pieces: string[] = []
  let copied = 0
  let position = 0
  // Where the next terminator of a string stands; looked for once per terminator.
  let terminator: { readonly from: number; readonly end: number | null } | null = null
  const take = (length: number, instead: string): void => {
    pieces.push(text.slice(copied, position), instead)
    position += length
    copied = position
  }
  while (position < text.length) {
    const code = text.charCodeAt(position)
    if (code >= 0x20 && (code < 0x7f || code > 0x9f)) {
      position += 1
      continue
    }
    const introducer = matchAt(sequence, text, position)
    if (introducer !== null) {
      const rest = matchAt(csi, text, position + introducer.length)
      take(introducer.length + (rest?.length ?? 0), rest === null ? '' : erasure(rest))
      continue
    }
    const opening = matchAt(stringStart, text, position)
    if (opening !== null) {
      if (terminator === null || terminator.from < position)
        terminator = findTerminator(text, position + opening.length)
      // A string that is never closed hides nothing: only its opening is removed.
      take(terminator.end === null ? opening.length : terminator.end - position, '')
      continue
    }
    if (code === 0x1b) take(matchAt(escape, text, position)!.length, '')
    else if (code === 0x0b || code === 0x0c || code === 0x85) take(1, '\n')
    else if (code === 0x08 || code === 0x09 || code === 0x0a || code === 0x0d) position += 1
    else take(1, '')
  }
  pieces.push(text.slice(copied))
  return pieces.join('')
}

/** `from` is where the terminator begins, so that whatever opens before it ends there. */
function findTerminator(text: string, position: number): { readonly from: number; readonly end: number | null } {
  stringEnd.lastIndex = position
  const found = stringEnd.exec(text)
  if (found === null) return { from: text.length, end: null }
  return { from: found.index, end: found[0] === '\n' ? null : stringEnd.lastIndex }
}

function erasure(rest: string): string {
  if (rest === 'K' || rest === '0K') return eraseToEnd
  return rest === '2K' ? eraseLine : ''
}

/** One line as it stands once everything was written over that was. */
function shownLine(line: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (!/[\u0000\u0001\b\r]/.test(line)) return line
  const cells: string[] = []
  let cursor = 0
  for (const character of line) {
    if (character === '\r') cursor = 0
    else if (character === '\b') cursor = Math.max(0, cursor - 1)
    else if (character === eraseToEnd) cells.length = Math.min(cells.length, cursor)
    else if (character === eraseLine) cells.length = 0
    else {
      while (cells.length < cursor) cells.push(' ')
      cells[cursor] = character
      cursor += 1
    }
  }
  return cells.join('')
}
