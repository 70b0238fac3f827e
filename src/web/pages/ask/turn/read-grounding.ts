import { countOf, listOf, membersOf, textOf } from './read-json.ts'
import type { Finding, Grounding, Mark } from './turn.ts'

const verdicts: ReadonlySet<string> = new Set(['cell', 'computed', 'contradicted', 'unsupported'])

/** `sallyport.grounding` of a response, or that of a kept item; null for none. Marks of another form are left out. */
export function readGrounding(value: unknown): Grounding | null {
  if (typeof value !== 'object' || value === null) return null
  const { marks, notes } = membersOf(value)
  return {
    marks: listOf(marks).flatMap((mark) => readMark(mark) ?? []),
    notes: listOf(notes).filter((note): note is string => typeof note === 'string'),
  }
}

function readMark(value: unknown): Mark | null {
  const { start, end, text, verdict, how, expected, reason, sources } = membersOf(value)
  const [from, to, words] = [countOf(start), countOf(end), textOf(text)]
  if (from === null || to === null || to <= from || words === null || !verdicts.has(String(verdict))) return null
  return {
    start: from,
    end: to,
    text: words,
    verdict: verdict as Mark['verdict'],
    how: textOf(how),
    expected: textOf(expected),
    reason: textOf(reason) ?? '',
    sources: listOf(sources).flatMap((source) => readSource(source) ?? []),
  }
}

function readSource(value: unknown): Mark['sources'][number] | null {
  const { run, row, column } = membersOf(value)
  const [call, at, name] = [countOf(run), countOf(row), textOf(column)]
  return call === null || call === 0 || at === null || name === null ? null : { run: call, row: at, column: name }
}

export function readFindings(value: unknown): readonly Finding[] {
  return listOf(value).flatMap((finding) => {
    const { rule, message } = membersOf(finding)
    const [name, words] = [textOf(rule), textOf(message)]
    return name === null || words === null ? [] : [{ rule: name, message: words }]
  })
}
