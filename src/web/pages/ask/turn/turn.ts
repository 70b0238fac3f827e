/** The words that a figure of an answer stands in, and the cells that it rests on, as `grounding` of the service tells them. */
export interface Mark {
  /** Offsets in the words of the answer, in UTF-16 units. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly verdict: 'cell' | 'computed' | 'contradicted' | 'unsupported'
  /** For readers; null where it rests on nothing. */
  readonly how: string | null
  readonly expected: string | null
  readonly reason: string
  /** `run` is the number of the call among those of its turn, from 1; `row` counts from 0. */
  readonly sources: readonly { readonly run: number; readonly row: number; readonly column: string }[]
}

export interface Grounding {
  readonly marks: readonly Mark[]
  readonly notes: readonly string[]
}

/** A call of a tool: a statement, a program, or something else that the service did for the model. */
export interface Step {
  readonly type: 'step'
  readonly id: string
  /** `run_sql`, `run_python`, `describe_data`, … */
  readonly tool: string
  /** What ran; null where the group may not see it, or nothing was written. */
  readonly code: string | null
  readonly state: 'running' | 'completed' | 'failed'
  /** What it printed, or a line about what it gave, or why it was refused. */
  readonly output: string | null
  /** Milliseconds by the clock of this browser, or by the service's for what was not seen running, as those of its turn; null where nobody knows it. */
  readonly begun: number | null
  readonly ended: number | null
}

/** A stretch of words of the model. */
export interface Words {
  readonly type: 'words'
  readonly id: string
  readonly text: string
}

/** A list, one line for each step that the model means to take. */
export interface Plan {
  readonly type: 'plan'
  readonly id: string
  readonly lines: readonly string[]
}

export type Item = Step | Words | Plan

/** A picture or a file that a program made. */
export interface MadeFile {
  /** `file_…` */
  readonly fileId: string
  readonly name: string
  /** Null where it is not known yet. */
  readonly mediaType: string | null
}

/** Why a turn came to nothing, as a problem of the service says it. */
export interface Fault {
  readonly code: string
  readonly message: string
}

/** What a filter replaced or cut. */
export interface Finding {
  readonly rule: string
  readonly message: string
}

/**
 * - `asking`: sent, and nothing has come back.
 * - `answering`: its events come.
 * - `elsewhere`: it goes on, and its events are those of another page; how it ends is asked for.
 * - `cut`: the stream broke off before it said how it ended; the service ends what ran for it.
 * - the others are those of a response.
 */
export type TurnState =
  | 'asking'
  | 'answering'
  | 'elsewhere'
  | 'completed'
  | 'incomplete'
  | 'failed'
  | 'cancelled'
  | 'cut'

/** A question and what came of it. */
export interface Turn {
  readonly question: string
  readonly state: TurnState
  /** `resp_…`; null as long as it has not begun. */
  readonly response: string | null
  /** `ans_…`, by which its caller may object to what was changed in it; null where that is not known any more. */
  readonly name: string | null
  /** By their place in the output, in order. */
  readonly items: readonly (Item | null)[]
  readonly files: readonly MadeFile[]
  readonly grounding: Grounding | null
  readonly findings: readonly Finding[]
  readonly fault: Fault | null
  /** The decision of a filter that withheld something; null for none. */
  readonly decision: string | null
  /** Ids of what a person was asked to allow. */
  readonly approvals: readonly string[]
  /** Milliseconds by the service's clock, or by this browser's until that is known. */
  readonly milliseconds: number | null
  readonly begun: number | null
  /** The number of the last event that was taken; -1 before the first. */
  readonly sequence: number
}

export function newTurn(question: string, now: number | null): Turn {
  return {
    question,
    state: 'asking',
    response: null,
    name: null,
    items: [],
    files: [],
    grounding: null,
    findings: [],
    fault: null,
    decision: null,
    approvals: [],
    milliseconds: null,
    begun: now,
    sequence: -1,
  }
}

export const isRunning = ({ state }: Pick<Turn, 'state'>): boolean =>
  state === 'asking' || state === 'answering' || state === 'elsewhere'

/** `run_…`, under which the service keeps what this response did. */
export const runOf = ({ response }: Pick<Turn, 'response'>): string | null =>
  response === null ? null : response.replace(/^resp_/, 'run_')

/** The words that answer the question: those that nothing was done after. Null where there are none. */
export function answerOf({ items }: Pick<Turn, 'items'>): Words | null {
  const last = items.findLast((item) => item !== null) ?? null
  return last?.type === 'words' && last.text.trim() !== '' ? last : null
}

/** A line in bold behind everything else, which the service puts there where an answer is not whole, for clients that read words alone. */
const closingLine = /(?:^|\n\n)\*\*([^\n]+)\*\*\s*$/

/** The words of an answer without what the service says of its end, and that sentence apart; null for what there is none of. */
export function splitEnding(turn: Pick<Turn, 'items' | 'state'>): {
  readonly answer: Words | null
  readonly sentence: string | null
} {
  const answer = answerOf(turn)
  const found = turn.state === 'completed' || isRunning(turn) ? null : closingLine.exec(answer?.text ?? '')
  if (answer === null || found === null) return { answer, sentence: null }
  const text = answer.text.slice(0, found.index)
  return { answer: text.trim() === '' ? null : { ...answer, text }, sentence: found[1] ?? null }
}

/** What was done and said on the way, in order. */
export function wayOf(turn: Pick<Turn, 'items'>): readonly Item[] {
  const answer = answerOf(turn)
  return turn.items.filter((item): item is Item => item !== null && item !== answer && !isEmpty(item))
}

export const stepsOf = ({ items }: Pick<Turn, 'items'>): readonly Step[] =>
  items.filter((item): item is Step => item?.type === 'step')

const isEmpty = (item: Item): boolean => item.type === 'words' && item.text.trim() === ''

/** The language in which a tool is told what to do; null for a tool that takes no text. */
export function languageOf(tool: string): 'sql' | 'python' | 'javascript' | 'shell' | null {
  const found = /^run_(sql|python|javascript|shell)$/.exec(tool)?.[1]
  return (found as 'sql' | 'python' | 'javascript' | 'shell' | undefined) ?? null
}
