import { directionMarks, joiners, tagCharacters, zeroWidth } from './hidden-characters.ts'
import { randomBytes } from 'node:crypto'

/** Marks text as data on its way to a model. */
export interface Fence {
  /** Named in the system prompt, so that the model knows the true boundary. */
  readonly boundary: string
  /** Text between boundary lines that nothing inside can close. `label` is the program's own word, never data. */
  wrap(label: string, text: string): string
}

/** Controls but tab and newline, and what hides text from people. */
const invisible = new RegExp(`(?![\\t\\n])\\p{Cc}|[${zeroWidth}${joiners}${directionMarks}${tagCharacters}]`, 'gu')

/**
 * Makes the fence of one run. The boundary is random, so that rows and files written before the run cannot hold it;
 * whatever looks like a boundary line is disarmed all the same, since code of this run may print it.
 */
export function createFence(random: () => string = () => randomBytes(12).toString('hex')): Fence {
  const boundary = random()
  return {
    boundary,
    wrap(label, text) {
      const inside = text
        .replaceAll('\r\n', '\n')
        .replaceAll(invisible, '')
        .replaceAll(boundary, '[removed]')
        .replaceAll(/<<(?=\s*\/?\s*(end[\s_-]*)?untrusted)/gi, '‹‹')
      return `<<untrusted ${boundary} ${label}>>\n${inside}\n<<end untrusted ${boundary}>>`
    },
  }
}

/** The beginning and the end of a text that is too long, with a line between that says how much is missing. */
export function capText(text: string, maximumCharacters: number): string {
  if (text.length <= maximumCharacters) return text
  const head = Math.ceil(maximumCharacters * 0.75)
  const tail = maximumCharacters - head
  const left = text.length - maximumCharacters
  const note = `\n[… ${left} characters left out: the result is larger than the ${maximumCharacters} that fit …]\n`
  return `${text.slice(0, head)}${note}${tail === 0 ? '' : text.slice(-tail)}`
}
