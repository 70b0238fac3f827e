import type { JsonValue } from '../../core/json.ts'
import type { ExplainedVerdict } from '../../service/content-tools.ts'
import { plainLine } from './plain-text.ts'
import { textTable } from './tables.ts'

interface Shown {
  readonly texts: readonly string[]
  /** Of the files that the texts are of; null where there is one without a name. */
  readonly names: readonly string[] | null
  readonly showValues: boolean
}

/** `--output json` has all. */
const mostRows = 1_000

export const isWithheld = (action: string): boolean =>
  action === 'block' || action === 'human' || action === 'regenerate'

/** One document: what would be done, and for what. Offsets are UTF-16 units, the end exclusive. */
export function contentJson(
  verdict: ExplainedVerdict,
  { texts, names, showValues }: Shown,
): { [name: string]: JsonValue } {
  const { action, decisions, failures, detectors, profile } = verdict
  return {
    action,
    findings: decisions.map((found) => {
      const { part, start, end, category, score, rawScore, detector, decided, effective, enforced, reason } = found
      const place = names === null ? {} : { file: names[part] ?? null }
      const raw = rawScore === undefined ? {} : { raw_score: rawScore }
      const mode = enforced ? 'enforce' : 'shadow'
      const value = showValues ? { value: (texts[part] ?? '').slice(start, end) } : {}
      const told = { start, end, category, score, detector, decided, effective, mode, why: reason }
      return Object.assign(place, told, raw, value)
    }),
    failures: failures.map(({ detector, categories, onFailure, why }) => {
      return { detector, categories: [...categories], on_failure: onFailure, why }
    }),
    detectors: { ...detectors },
    profile: { ...profile },
  }
}

export function contentText(
  verdict: ExplainedVerdict,
  { texts, names, showValues, width }: Shown & { readonly width: number | null },
): string {
  const { action, decisions, failures, detectors, profile } = verdict
  const hasFiles = (names?.length ?? 0) > 1
  const head = ['from', 'to', 'category', 'score', 'by', 'becomes', 'why']
  const columns = [...(hasFiles ? ['file'] : []), ...head, ...(showValues ? ['value'] : [])].map((name) => {
    return { name, type: 'text' }
  })
  const rows = decisions.map((found) => {
    const { part, start, end, category, score, detector, effective } = found
    const cells = [String(start), String(end), category, score.toFixed(2), detector, effective, found.reason]
    const value = showValues ? [(texts[part] ?? '').slice(start, end)] : []
    return (hasFiles ? [names?.[part] ?? ''] : []).concat(cells, value)
  })
  const table =
    rows.length === 0
      ? 'Nothing was found.\n'
      : textTable({ columns, rows, totalRows: rows.length }, { maximumRows: mostRows, width })
  const failed = failures.map(
    ({ detector, categories, onFailure, why }) =>
      `${detector} did not answer (${why}) about ${categories.join(', ')}: ${onFailure === 'closed' ? 'that blocks' : 'it goes on without'}.\n`,
  )
  const asked = Object.entries(detectors).map(([name, version]) => `${name} ${version}`)
  const by = `Profile ${profile.name}, version ${profile.version}; asked: ${asked.join(', ') || 'nobody'}.\n`
  return `${table}${failed.join('')}Would be done: ${action}. ${plainLine(by, 2_000)}\n`
}
