import type { Grounding, Mark } from '../turn/turn.ts'

/** Marks that fit the words, in order and apart from each other. One whose offsets lead elsewhere is left out: it would put a source to another figure. */
export function fittingMarks(words: string, { marks }: Pick<Grounding, 'marks'>): readonly Mark[] {
  const fitting: Mark[] = []
  const inOrder = marks.toSorted((one, other) => one.start - other.start || one.end - other.end)
  for (const mark of inOrder) {
    const isFree = mark.start >= (fitting.at(-1)?.end ?? 0)
    if (isFree && words.slice(mark.start, mark.end) === mark.text && !mark.text.includes('\n')) fitting.push(mark)
  }
  return fitting
}

/** How many figures were looked at, and what came of it, for a line below an answer. */
export interface Checked {
  readonly borneOut: number
  readonly contradicted: number
  readonly withoutSource: number
}

export function checkedOf({ marks }: Pick<Grounding, 'marks'>): Checked {
  const count = (...verdicts: readonly Mark['verdict'][]): number =>
    marks.filter(({ verdict }) => verdicts.includes(verdict)).length
  return {
    borneOut: count('cell', 'computed'),
    contradicted: count('contradicted'),
    withoutSource: count('unsupported'),
  }
}

/** The service calls a call of a run `run1`; on this page it is a step. */
const inSteps = (how: string): string => how.replaceAll(/\brun(\d+)\b/g, 'step $1')

/** The sentence that a reader hears of a figure. */
export function sourceSentence({ verdict, how, reason, expected }: Mark): string {
  if (verdict === 'cell' || verdict === 'computed') return how === null ? reason : `From ${inSteps(how)}.`
  const said = inSteps(reason)
  return expected === null || reason.includes(expected) ? said : `${said} The rows give ${expected}.`
}
