import type { Outcome } from '../core/result.ts'

/** What was done in a run, as far as its words may speak of it. */
export interface RunDeeds {
  /** Calls that ran, in order; `outcome` of a program, `ok` of a query that came back, `failed` of a call that was refused or broke. */
  readonly calls: readonly {
    readonly number: number | null
    readonly tool: string
    readonly outcome: Outcome | 'failed'
  }[]
  /** Names of the files that it has made, charts among them. */
  readonly files: readonly string[]
}

/** Something that an answer says was done. */
export interface ActionClaim {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly isDone: boolean
  /** One sentence. */
  readonly reason: string
}

type Judged = Pick<ActionClaim, 'isDone' | 'reason'>

interface ClaimPattern {
  readonly pattern: RegExp
  readonly judge: (match: RegExpExecArray, deeds: RunDeeds) => Judged | null
}

const who = String.raw`\b(?:I|we)(?:['’]ve|\s+have)?\s+(?:(?:also|then|just|now|successfully)\s+){0,2}`
const kinds = 'csv|tsv|xlsx|xls|json|parquet|png|svg|jpe?g|pdf|md|txt|html|ipynb|docx|pptx|zip'
const programs: ReadonlySet<string> = new Set(['run_python', 'run_javascript', 'run_shell'])
const picture = /\.(?:png|svg|jpe?g|gif|webp)$/i

const patterns: readonly ClaimPattern[] = [
  {
    pattern: new RegExp(
      `${who}(?:ran|run|re-?ran|re-?run|executed)\\s+(?:[\\w'’-]+\\s+){0,4}?(?<what>quer(?:y|ies)|sql|statements?|code|scripts?|programs?|tests?|checks?|notebook|analysis|simulations?|regressions?)\\b`,
      'giu',
    ),
    judge: ({ groups }, deeds) => judgeRun(groups?.['what'] ?? '', deeds),
  },
  {
    pattern:
      /\b(?:tests?|checks?|assertions?)\s+(?:have\s+|has\s+|all\s+|now\s+){0,2}(?:pass(?:ed|es)?|succeed(?:ed|s)?|(?:are|is|were|was)\s+green)\b/giu,
    judge: (_match, deeds) => judgeRun('tests', deeds),
  },
  {
    pattern: new RegExp(
      `\\b(?:saved|written|wrote|exported|stored|created|generated|available)\\s+(?:[\\w'’-]+\\s+){0,8}?[\`"“*(]{0,3}(?:/mnt/data/)?(?<file>[\\w-][\\w.-]{0,80}\\.(?:${kinds}))\\b[\`"”*)]{0,3}`,
      'giu',
    ),
    judge: ({ groups }, { files }) => judgeFile(groups?.['file'] ?? '', files),
  },
  {
    pattern: new RegExp(
      `${who}(?:saved|wrote|written|exported|stored|created|generated|produced|attached|drew|drawn|plotted)\\s+(?:[\\w'’-]+\\s+){0,6}?(?<what>files?|spreadsheets?|workbooks?|pdf|charts?|plots?|graphs?|pictures?|diagrams?)\\b`,
      'giu',
    ),
    judge: ({ groups }, { files }) => judgeKind(groups?.['what'] ?? '', files),
  },
  {
    pattern: new RegExp(
      `${who}(?:sent|e-?mailed|posted|uploaded|published|deployed|notified|messaged|shared)\\b|${who}(?:updated|deleted|inserted|changed|dropped)\\s+(?:[\\w'’-]+\\s+){0,5}?(?:database|records?|tables?)\\b`,
      'giu',
    ),
    judge: () => ({
      isDone: false,
      reason: 'Nothing that runs here can do that: programs have no network, and databases are only read.',
    }),
  },
]

/** Code that is shown, quotations and lines of others say nothing that the answer stands for. */
const others = /^(`{3,}|~{3,})[^]*?(?:^\1|(?![^]))|^\s*>.*$|"[^"\n]{0,400}"|“[^”\n]{0,400}”/gmu
const mostClaims = 50

/** What an answer says was done, held against what was: in English, in the words of whoever answers. In the order of the text, none within another. */
export function actionClaims(answer: string, deeds: RunDeeds): readonly ActionClaim[] {
  const words = answer.replaceAll(others, (quoted) => ' '.repeat(quoted.length))
  const claims: ActionClaim[] = []
  for (const { pattern, judge } of patterns) {
    for (const match of words.matchAll(pattern)) {
      const [text] = match
      const start = match.index
      const end = start + text.length
      if (claims.length >= mostClaims || claims.some((other) => start < other.end && other.start < end)) continue
      const judged = judge(match, deeds)
      if (judged !== null) claims.push({ start, end, text: answer.slice(start, end), ...judged })
    }
  }
  return claims.toSorted((one, other) => one.start - other.start)
}

/** Of programs the last one counts: what was wrong before it is mended. */
function judgeRun(what: string, { calls }: RunDeeds): Judged {
  const isQuery = /^(?:quer|sql|statement)/i.test(what)
  const isTest = /^(?:test|check)/i.test(what)
  const isAny = /^analysis/i.test(what)
  const fitting = calls.filter(({ tool }) => isAny || programs.has(tool) || (isQuery && tool === 'run_sql'))
  const last = fitting.at(-1)
  const name = isQuery ? 'query' : 'program'
  if (last === undefined) return { isDone: false, reason: `No ${name} was run for this answer.` }
  const done = isTest ? [last].filter(isFine) : fitting.filter(hasRun)
  const of = (number: number | null): string => (number === null ? 'the call' : `run${number}`)
  return done.length > 0
    ? { isDone: true, reason: `It ran: ${of(done.at(-1)?.number ?? null)}.` }
    : { isDone: false, reason: `The ${name} of this answer did not end well (${of(last.number)}: ${last.outcome}).` }
}

const isFine = ({ outcome }: RunDeeds['calls'][number]): boolean => outcome === 'ok'

/** What ended with an error has run. */
const hasRun = ({ outcome }: RunDeeds['calls'][number]): boolean =>
  !['failed', 'rejected', 'unavailable', 'cancelled'].includes(outcome)

function judgeFile(name: string, files: readonly string[]): Judged {
  const isThere = files.some((file) => file.split('/').at(-1)?.toLowerCase() === name.toLowerCase())
  return isThere
    ? { isDone: true, reason: 'The file was made.' }
    : { isDone: false, reason: 'No file of this name was made in this run.' }
}

function judgeKind(what: string, files: readonly string[]): Judged {
  const isPicture = /^(?:chart|plot|graph|picture|diagram)/i.test(what)
  const isThere = files.some((file) => !isPicture || picture.test(file))
  if (isThere) return { isDone: true, reason: 'It was made.' }
  return { isDone: false, reason: isPicture ? 'No picture was made in this run.' : 'No file was made in this run.' }
}
