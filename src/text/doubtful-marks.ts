import { isDoubtful, type AnswerGrounding, type AnswerMark } from '../core/answer-grounding.ts'
import { cutText } from './cut-text.ts'
import { directionMarks } from './hidden-characters.ts'

/** So many are listed; the others are counted. */
const mostListed = 12
const longestText = 120
/** Values of rows in it are cut where it is made, so that what the rows give is not cut off. */
const longestReason = 400
const unshown = new RegExp(`[\\p{Cc}\\u2028\\u2029${directionMarks}]`, 'gu')

/** Over what the rows give otherwise, and over what was merely not found: the second may well be right. */
export const speakAgainst = 'The results of this run speak against:'
export const noSource = 'No source was found in the results of this run for:'
export const onTheWay = 'What was said on the way to this answer is not borne out either:'

/** Words over marks that documents of a request do not bear out. */
export const headingsOfDocuments = {
  against: 'The documents of this request speak against:',
  without: 'No source was found in the documents of this request for:',
} as const

/** All that stands over such lists, for whoever looks for lists that somebody else has made. */
export const headings: readonly string[] = [speakAgainst, noSource, onTheWay, ...Object.values(headingsOfDocuments)]

type Mark = Pick<AnswerMark, 'text' | 'reason'> & { readonly verdict: string }

type Doubts = Pick<AnswerGrounding, 'unfilled' | 'notes' | 'earlier'> & { readonly marks: readonly Mark[] }

/**
 * What of an answer is not borne out, or was not looked at, in Markdown behind its words, where a reader sees text alone;
 * null where all of it is.
 */
export function doubtfulMarks(
  { marks, unfilled, earlier = [], notes }: Doubts,
  over: Readonly<Record<'against' | 'without', string>> = { against: speakAgainst, without: noSource },
): string | null {
  const doubtful = marks.filter(isDoubtful)
  const against = doubtful.filter(isAgainst).map(lineOf)
  const without = [
    ...doubtful.filter((mark) => !isAgainst(mark)).map(lineOf),
    ...unfilled.map(({ text, why }) => `**${plain(text)}** was not filled in: ${plain(why)}`),
  ]
  const lists = [
    ...listed(`⚠ ${over.against}`, against),
    ...listed(over.without, without),
    ...listed(onTheWay, earlier.map(lineOf)),
  ]
  // What was left out may be why something was not found.
  const left = notes.map((note) => `> ${plain(note)}`)
  return lists.length + left.length === 0 ? null : [...lists, ...left].join('\n>\n')
}

export const isAgainst = ({ verdict }: Pick<Mark, 'verdict'>): boolean => verdict === 'contradicted'

const lineOf = (mark: Pick<Mark, 'text' | 'reason'>): string =>
  `**${plain(mark.text)}**: ${plain(whatOf(mark), longestReason)}`

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
function plain(text: string, longest = longestText): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(unshown, '').trim()
  const cut = line.length > longest ? `${cutText(line, longest - 1)}…` : line
  return cut.replaceAll(/[\\`*_{}[\]<>|!#~&$@]|:(?=\/\/)|\.(?=\p{L})/gu, (mark) => `\\${mark}`)
}
