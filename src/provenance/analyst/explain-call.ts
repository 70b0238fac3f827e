import type { Taint } from '../../core/provenance.ts'
import { shownName } from '../shown-value.ts'
import type { AnalystDecision } from './decide-call.ts'
import type { RunRead } from './run-reads.ts'

/** What does not simply run. */
type Stopped = Extract<AnalystDecision, { readonly from: readonly string[] }>

/** One sentence for whoever is asked: what would be done, and by which data. It quotes nothing that was read. */
export function explainAnalystDecision(decision: Stopped, reads: readonly RunRead[]): string {
  const after = namedReads(reads.filter(({ id }) => decision.from.includes(id)))
  if (decision.kind === 'refuse') {
    return `It reads ${list(decision.tables)}, which a person has said no to in this conversation.`
  }
  if (decision.kind === 'allow') {
    return `It reads ${list(decision.tables)}, which nothing that you wrote names, after the model has read ${after}; a plan that was made of your words and the names of tables alone has ${decision.tables.length === 1 ? 'it' : 'them'}.`
  }
  const { tables, lines, running } = decision
  const reading =
    tables.length === 0
      ? null
      : `it reads ${list(tables)}, which nothing that you wrote speaks of, after the model has read ${after}`
  const code =
    lines.length === 0
      ? null
      : `${lines.length === 1 ? `line ${lines[0]} of it stands` : `lines ${list(lines.map(String))} of it stand`} word for word in ${after}`
  const text =
    running.length === 0
      ? null
      : `${running.length === 1 ? `line ${running[0]} of it runs` : `lines ${list(running.map(String))} of it run`} a text or a file as code, after the model has read ${after}`
  const sentence = [reading, code, text].filter((part) => part !== null).join(', and ')
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`
}

const mostNamed = 3

const called: Readonly<Record<Taint, string>> = {
  operator: 'what the operator wrote',
  user: 'the question',
  model: 'what a model wrote',
  tool: 'what a program printed',
  row: 'rows of the database',
  file: 'a file',
  web: 'a page of the web',
  unknown: 'earlier answers of the conversation',
}

function namedReads(reads: readonly RunRead[]): string {
  return list([...new Set(reads.map(({ origin }) => called[origin]))])
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).map(shownName)
  const more = names.length - shown.length
  const all = more > 0 ? [...shown, `${more} more`] : shown
  return all.length <= 1 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}
