import { isDoubtful, type AnswerGrounding, type AnswerMark } from '../../core/answer-grounding.ts'
import { doubtfulMarks, isAgainst, noSource, speakAgainst } from '../../text/doubtful-marks.ts'
import type { Output } from '../terminal.ts'
import { plainLine } from './plain-text.ts'

const mostShown = 40

interface Outputs {
  /** Where the answer is read. */
  readonly words: Output
  /** Where notes stand beside it; null where none are wanted. */
  readonly notes: Output | null
  /** The answer. */
  readonly said: string
}

/**
 * Writes what the figures of an answer rest on, a line each: what is not borne out to where the answer is read, what is to where notes
 * are. A figure that was found says how likely that is by chance.
 */
export function writeMarks(grounding: AnswerGrounding, { words, notes: beside, said }: Outputs): void {
  const { marks, unfilled, notes } = grounding
  const doubtful = marks.filter(isDoubtful)
  const against = doubtful.filter(isAgainst).map((mark) => doubtOf('✗', mark))
  const without = [
    ...doubtful.filter((mark) => !isAgainst(mark)).map((mark) => doubtOf('?', mark)),
    ...unfilled.map(({ text, why }) => `? ${plainLine(text, 80)}  was not filled in: ${plainLine(why, 200)}.`),
  ]
  // A service says it in the words of its answer.
  const isSaid = said.includes(doubtfulMarks(grounding) ?? '')
  if (!isSaid && against.length > 0) write(words, 'yellow', ['', speakAgainst, ...shown(against)])
  if (!isSaid && without.length > 0) write(words, 'dim', ['', noSource, ...shown(without)])
  const borneOut = marks.filter((mark) => !isDoubtful(mark)).map(lineOf)
  if (beside === null) return
  write(beside, 'dim', [...(borneOut.length === 0 ? [] : ['Sources:', ...shown(borneOut)]), ...notes])
}

const doubtOf = (sign: string, { text, reason }: AnswerMark): string =>
  `${sign} ${plainLine(text, 80)}  ${plainLine(reason, 300)}`

function lineOf({ text, how, coincidence, isReference }: AnswerMark): string {
  const chance = coincidence === null ? '' : ` (by chance: ${chanceOf(coincidence)})`
  const from = how ?? 'the result'
  return `✓ ${plainLine(text, 80)}  ${plainLine(isReference === true ? `filled in from ${from}` : from, 300)}${chance}`
}

/** `under 0.1 %`, `2.5 %` */
function chanceOf(coincidence: number): string {
  return coincidence < 0.001 ? 'under 0.1 %' : `${(coincidence * 100).toFixed(1)} %`
}

function shown(lines: readonly string[]): readonly string[] {
  const more = lines.length - mostShown
  return more <= 0 ? lines : [...lines.slice(0, mostShown), `and ${more} more`]
}

function write(output: Output, style: 'yellow' | 'dim', lines: readonly string[]): void {
  for (const line of lines) output.write(`${line === '' ? '' : output.style(style, line)}\n`)
}
