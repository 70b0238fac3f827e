import { isDoubtful, type AnswerGrounding, type AnswerMark } from '../core/answer-grounding.ts'
import { cutText } from './cut-text.ts'
import { directionMarks } from './hidden-characters.ts'

/** So many are listed; the others are counted. */
const mostListed = 12
const longestText = 120
const unshown = new RegExp(`[\\p{Cc}\\u2028\\u2029${directionMarks}]`, 'gu')

/** Over what the rows give otherwise, and over what was merely not found: the second may well be right. */
export const speakAgainst = 'The results of this run speak against:'
export const noSource = 'No source was found in the results of this run for:'

/** What of an answer is not borne out, in Markdown behind its words, where a reader sees text alone; null where all of it is. */
export function doubtfulMarks({ marks, unfilled }: AnswerGrounding): string | null {
  const doubtful = marks.filter(isDoubtful)
  const against = doubtful.filter(isAgainst).map(lineOf)
  const without = [
    ...doubtful.filter((mark) => !isAgainst(mark)).map(lineOf),
    ...unfilled.map(({ text, why }) => `**${plain(text)}** was not filled in: ${plain(why)}`),
  ]
  const lists = [...listed(`⚠ ${speakAgainst}`, against), ...listed(noSource, without)]
  return lists.length === 0 ? null : lists.join('\n>\n')
}

export const isAgainst = ({ verdict }: Pick<AnswerMark, 'verdict'>): boolean => verdict === 'contradicted'

const lineOf = (mark: AnswerMark): string => `**${plain(mark.text)}**: ${plain(whatOf(mark))}`

/** One list, or none. */
function listed(heading: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return []
  const more = lines.length - mostListed
  const shown = lines.slice(0, mostListed).map((line) => `> - ${line}`)
  return [[`> ${heading}`, ...shown, ...(more <= 0 ? [] : [`> - and ${more} more`])].join('\n')]
}

/** Why a figure is doubted, as a sentence without its full stop. */
export const whatOf = ({ reason }: Pick<AnswerMark, 'reason'>): string => reason.replace(/\.\s*$/, '')

/** Words of data as they may stand in a line of Markdown: they bring no mark and no address of their own. */
function plain(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(unshown, '').trim()
  const cut = line.length > longestText ? `${cutText(line, longestText - 1)}…` : line
  return cut.replaceAll(/[\\`*_{}[\]<>|!#~&$@]|:(?=\/\/)|\.(?=\p{L})/gu, (mark) => `\\${mark}`)
}
