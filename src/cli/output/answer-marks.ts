import { isDoubtful, type AnswerGrounding, type AnswerMark, type EarlierDoubt } from '../../core/answer-grounding.ts'
import { doubtfulMarks, isAgainst, noSource, onTheWay, speakAgainst } from '../../text/doubtful-marks.ts'
import { closingOf } from '../../text/open-blocks.ts'
import type { Output } from '../terminal.ts'
import { plainLine, plainText } from './plain-text.ts'

const mostShown = 40

/** What is not borne out, a line each, to where the answer is read. */
export function writeDoubts(words: Output, { marks, unfilled, earlier = [] }: AnswerGrounding): void {
  const doubtful = marks.filter(isDoubtful)
  const against = doubtful.filter(isAgainst).map((mark) => doubtOf('✗', mark))
  const without = [
    ...doubtful.filter((mark) => !isAgainst(mark)).map((mark) => doubtOf('?', mark)),
    ...unfilled.map(({ text, why }) => `? ${plainLine(text, 80)}  was not filled in: ${plainLine(why, 200)}.`),
  ]
  const before = earlier.map((doubt) => doubtOf(isAgainst(doubt) ? '✗' : '?', doubt))
  if (against.length > 0) write(words, 'yellow', ['', speakAgainst, ...shown(against)])
  if (without.length > 0) write(words, 'dim', ['', noSource, ...shown(without)])
  if (before.length > 0) write(words, 'dim', ['', onTheWay, ...shown(before)])
}

/** The same as Markdown, behind an answer that is some. */
export function writeDoubtsAsMarkdown(words: Output, grounding: AnswerGrounding, answer: string): void {
  const doubts = doubtfulMarks(grounding)
  const closing = closingOf(answer)
  if (doubts !== null) words.write(`${closing === '' ? '' : `${closing}\n`}\n${plainText(doubts)}\n`)
}

/** What the other figures rest on, to where notes are; one that was found says how likely that is by chance. */
export function writeSources(beside: Output, { marks, notes }: AnswerGrounding): void {
  const borneOut = marks.filter((mark) => !isDoubtful(mark)).map(lineOf)
  write(beside, 'dim', [...(borneOut.length === 0 ? [] : ['Sources:', ...shown(borneOut)]), ...notes])
}

const doubtOf = (sign: string, { text, reason }: EarlierDoubt): string =>
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
