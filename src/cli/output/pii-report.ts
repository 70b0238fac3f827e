import type { JsonValue } from '../../core/json.ts'
import type { TableData } from '../../core/result.ts'
import type { ExplainedLocally, MaskingReport, RestoredLocally } from '../../service/local-privacy.ts'
import { plainLine } from './plain-text.ts'
import { textTable } from './tables.ts'

type Finding = ExplainedLocally['findings'][number]

interface FindingsOptions {
  readonly showValues: boolean
}

/** One document for each finding, in the order of the text. */
export function findingsJson(findings: readonly Finding[], { showValues }: FindingsOptions): JsonValue {
  const placeOf = placesIn()
  return findings.map((finding) => {
    const { position, kind, score, detector, action, why } = finding
    const value = showValues ? { value: valueOf(finding) } : {}
    return {
      position: position === '' ? null : position,
      ...placeOf(finding),
      kind,
      score,
      detector,
      action,
      why,
      ...value,
    }
  })
}

export function findingsTable(
  findings: readonly Finding[],
  { showValues, width }: FindingsOptions & { readonly width: number | null },
): string {
  const placeOf = placesIn()
  const hasPositions = findings.some(({ position }) => position !== '')
  const names = ['line', 'column', 'kind', 'score', 'by', 'becomes', ...(showValues ? ['value'] : [])]
  const rows = findings.map((finding) => {
    const { line, column } = placeOf(finding)
    const { position, kind, score, detector, action, why } = finding
    const becomes = why === null ? outcomes[action] : `${outcomes[action]}: ${why}`
    const cells = [line, column, kind, score === null ? '' : score.toFixed(2), detector, becomes]
    return [...(hasPositions ? [position] : []), ...cells, ...(showValues ? [valueOf(finding)] : [])]
  })
  const columns = [...(hasPositions ? ['position'] : []), ...names].map((name) => ({ name, type: 'text' }))
  const table: TableData = { columns, rows, totalRows: rows.length }
  return textTable(table, { maximumRows: mostRows, width })
}

/** `--output json` has all. */
const mostRows = 1_000

const outcomes = {
  mask: 'masked',
  annotate: 'sent, and said',
  allow: 'sent',
  block: 'refused',
  regenerate: 'refused',
  human: 'refused',
} as const

const valueOf = ({ text, start, end }: Finding): string => text.slice(start, end)

/**
 * Line and column of findings that come in the order of their texts and of their places: both from 1, a column in
 * characters. Each text is read once.
 */
function placesIn(): (finding: Finding) => { readonly line: number; readonly column: number } {
  let text: string | null = null
  let position = ''
  let [at, line, column] = [0, 1, 1]
  return (finding) => {
    if (finding.text !== text || finding.position !== position || finding.start < at) {
      ;({ text, position } = finding)
      ;[at, line, column] = [0, 1, 1]
    }
    for (const character of text.slice(at, finding.start)) {
      if (character === '\n') [line, column] = [line + 1, 1]
      else column += 1
    }
    at = finding.start
    return { line, column }
  }
}

/** What is said of a masked text, beside it. */
export function maskingText(
  { level, masked, annotated, unread, cacheMisses }: MaskingReport,
  { kept, isRestored }: { readonly kept: string | null; readonly isRestored: boolean },
): string {
  if (level === 'none') return 'The profile hides nothing (masking: none): this is the text as it was.\n'
  if (masked.count === 0) return `Nothing was masked.\n${annotatedText(annotated)}${unreadText(unread, 'pass')}`
  const where = !isRestored
    ? 'constant words, which are never restored'
    : kept === null
      ? 'what they stand for is kept nowhere: --map FILE keeps it'
      : `what they stand for is in ${kept}`
  const late = cacheMisses.length === 0 ? '' : `Masked by what a later turn tells: ${positionsText(cacheMisses)}.\n`
  return `${counted(masked)} masked; ${where}.\n${annotatedText(annotated)}${late}${unreadText(unread, 'pass')}`
}

function annotatedText(annotated: MaskingReport['annotated']): string {
  return annotated.count === 0 ? '' : `${counted(annotated)} found and left as they are, by the profile.\n`
}

/** What was not read, and what becomes of it. */
export function unreadText(unread: readonly string[], policy: 'refuse' | 'pass'): string {
  if (unread.length === 0) return ''
  const what = policy === 'refuse' ? 'a call with it is refused' : 'it passes as it is'
  return `Not read (${what}): ${positionsText(unread)}.\n`
}

export function restoredText({ restored, left, unknown }: Omit<RestoredLocally, 'text'>): string {
  const inAddresses = left === 0 ? '' : `; ${left} left in addresses and tags (--everywhere restores them)`
  const notThere = unknown === 0 ? '' : `; ${unknown} not in the map, and left`
  return `${restored} restored${inAddresses}${notThere}.\n`
}

/** `3 values (2 pii/email, 1 pii/card)` */
function counted({ count, byKind }: MaskingReport['masked']): string {
  const kinds = [...byKind].map(([kind, number]) => `${number.toLocaleString('en')} ${kind}`)
  return `${count.toLocaleString('en')} ${count === 1 ? 'value' : 'values'} (${plainLine(kinds.join(', '), 500)})`
}

const positionsText = (positions: readonly string[]): string => plainLine(positions.join(', '), 1_000)
