import type { Finding, Verdict } from '../../core/verdict.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { Examined } from './postgresql/examine.ts'

export type SqlVerdict = Verdict<Vetted<'sql'>>

/** The place of what is said of a statement as a whole. */
export const start = { line: 1, column: 1 } as const

export function refused(rule: string, message: string): SqlVerdict {
  return refusedWith([{ rule, ...start, message }])
}

export function refusedWith(findings: readonly Finding[]): SqlVerdict {
  const [first, ...rest] = findings
  if (first === undefined) throw new TypeError('A refusal needs a finding.')
  return { kind: 'refused', findings: [first, ...rest] }
}

export function misused(name: string, kind: string, examined: Examined): Finding {
  const column = name.split('.').slice(2).join('.')
  const place = examined.columns.find((mention) => mention.name === column) ?? start
  const message =
    kind === 'mask'
      ? `"${column}" is masked: it may be selected, also through subqueries, WITH, and UNION ALL or CASE of nothing else, but not stand in conditions, functions, sorting, grouping or DISTINCT. Leave it out there, or use a column that is not masked.`
      : `"${column}" may only be read as the plain argument of count, sum or avg over groups that are large enough. Aggregate it in the SELECT that joins and groups its table; a subquery or WITH in between may only choose rows and rename columns.`
  return {
    rule: kind === 'mask' ? 'sql/column-masked' : 'sql/column-aggregate-only',
    line: place.line,
    column: place.column,
    message,
  }
}
