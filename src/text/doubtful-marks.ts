import { isDoubtful, type AnswerGrounding, type AnswerMark } from '../core/answer-grounding.ts'
import { cutText } from './cut-text.ts'
import { directionMarks } from './hidden-characters.ts'

/** So many are listed; the others are counted. */
const mostListed = 12
const longestText = 120
const unshown = new RegExp(`[\\p{Cc}\\u2028\\u2029${directionMarks}]`, 'gu')

/** What of an answer is not borne out, in Markdown behind its words, where a reader sees text alone; null where all of it is. */
export function doubtfulMarks({ marks, unfilled }: AnswerGrounding): string | null {
  const lines = [
    ...marks.filter(isDoubtful).map((mark) => `**${plain(mark.text)}**: ${plain(whatOf(mark))}`),
    ...unfilled.map(({ text, why }) => `**${plain(text)}** was not filled in: ${plain(why)}`),
  ]
  if (lines.length === 0) return null
  const listed = lines.slice(0, mostListed)
  const more = lines.length - listed.length
  return [
    '> ⚠ The results of this run do not bear out:',
    ...listed.map((line) => `> - ${line}`),
    ...(more === 0 ? [] : [`> - and ${more} more`]),
  ].join('\n')
}

/** Why a figure is doubted, as a sentence without its full stop. */
export const whatOf = ({ reason }: Pick<AnswerMark, 'reason'>): string => reason.replace(/\.\s*$/, '')

/** Words of data as they may stand in a line of Markdown: they bring no mark and no address of their own. */
function plain(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(unshown, '').trim()
  const cut = line.length > longestText ? `${cutText(line, longestText - 1)}…` : line
  return cut.replaceAll(/[\\`*_{}[\]<>|!#~&$@]|:(?=\/\/)|\.(?=\p{L})/gu, (mark) => `\\${mark}`)
}
