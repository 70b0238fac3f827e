import type { Check, Tally } from './score.ts'
import { factTable } from './fact-table.ts'
import type { FreeSentence } from './free-sentence.ts'
import { businessTable } from './free-sentences/business-tables.ts'
import { phrasings, phrasingTables } from './phrasings.ts'
import { sourceTable, type SourceTable } from './generate/source-table.ts'

/** What came of sentences that somebody wrote: wrong ones in which something is marked, and right ones in which something is. */
export interface FreeScore {
  readonly wrongFound: Tally
  readonly rightMarked: Tally
  /** Right ones in which a figure is said to be another value. */
  readonly rightContradicted: Tally
  /** Figures of right ones that are marked, of those that are read. */
  readonly rightFigures: Tally
  /** Sentences that went wrong, for those who look. */
  readonly failures: readonly string[]
}

interface Written {
  readonly tables: readonly SourceTable[]
  readonly text: string
  readonly right: boolean
}

/** Those of these sentences whose tables are on this machine. */
export function writtenSentences(sentences: readonly FreeSentence[]): readonly Written[] {
  return sentences.flatMap(({ table, sentence: text, label: right }) => {
    const facts = factTable(table)
    if (facts === null) return []
    const origin = businessTable(table) === null ? (/^\d-/.test(table) ? 'tabfact' : 'dabench') : 'made'
    return [
      {
        tables: [sourceTable(table, origin, { title: table, columns: facts.columns, cells: facts.rows })],
        text,
        right,
      },
    ]
  })
}

/** Both sides of each phrasing. */
export function writtenPhrasings(): readonly Written[] {
  const tables = phrasingTables.map(({ title, columns, rows }, at): SourceTable => ({
    id: `result ${at + 1}`, origin: 'made', title, columns, rows, keys: null, numbers: [], groups: [], times: null, days: [],
  })) // prettier-ignore
  return phrasings.flatMap(({ right, wrong }) => [
    { tables, text: right, right: true },
    { tables, text: wrong, right: false },
  ])
}

export function scoreWritten(check: Check, written: readonly Written[]): FreeScore {
  const tally = createFreeTally()
  for (const { tables, text, right } of written) tally.add({ text, right, marks: check(tables, text), told: [] })
  return tally.score
}

interface Checked {
  readonly text: string
  readonly right: boolean
  readonly marks: readonly { readonly marked: boolean; readonly contradicted: boolean }[]
  /** What those who look at failures read below the sentence, a line each. */
  readonly told: readonly string[]
}

/** Counts what came of each sentence. */
export function createFreeTally(): { readonly score: FreeScore; readonly add: (checked: Checked) => void } {
  const none = (): Tally => ({ hits: 0, total: 0 })
  const [wrongFound, rightMarked, rightContradicted, rightFigures] = [none(), none(), none(), none()]
  const failures: string[] = []
  const add = ({ text, right, marks, told }: Checked): void => {
    const marked = marks.filter((mark) => mark.marked)
    count(right ? rightMarked : wrongFound, marked.length > 0)
    if (right) {
      count(
        rightContradicted,
        marks.some(({ contradicted }) => contradicted),
      )
      rightFigures.hits += marked.length
      rightFigures.total += marks.length
    }
    if (marked.length > 0 === right) {
      failures.push([`${right ? 'marked, and true' : 'not marked, and false'}: ${text}`, ...told].join('\n'))
    }
  }
  return { score: { wrongFound, rightMarked, rightContradicted, rightFigures, failures }, add }
}

function count(tally: Tally, hit: boolean): void {
  tally.total += 1
  if (hit) tally.hits += 1
}
