import { groundAnswer } from '../../../src/grounding/ground-answer.ts'
import { indexEvidence, type Evidence } from '../../../src/grounding/tables/evidence.ts'
import type { SourceTable } from './generate/source-table.ts'
import type { Check } from './score.ts'

/** The product's own checker; what it knows of the same tables it keeps, as it does over the sentences of one answer. */
export function createOwnCheck(asOf?: string): Check {
  const known = new Map<string, Evidence>()
  return (tables, text) => {
    const ids = tables.map(({ id }) => id).join('\n')
    const evidence = known.get(ids) ?? evidenceOf(tables)
    known.set(ids, evidence)
    return groundAnswer(text, evidence, asOf === undefined ? {} : { asOf }).marks.map(({ start, end, verdict }) => ({
      start,
      end,
      marked: verdict === 'contradicted' || verdict === 'unsupported',
      contradicted: verdict === 'contradicted',
      bound: verdict === 'cell' || verdict === 'computed',
    }))
  }
}

export function evidenceOf(tables: readonly Pick<SourceTable, 'id' | 'title' | 'columns' | 'rows'>[]): Evidence {
  return indexEvidence(
    tables.map(({ id, title, columns, rows }) => ({ id, title, columns: columns.map((name) => ({ name })), rows: rows.map((row) => [...row]) })), // prettier-ignore
  )
}
