import { asList, isStruct, locationOf, stringList, unwrap, type Struct } from '../grammar/syntax-tree.ts'
import type { RawFinding } from '../location.ts'

/** Built-in functions of the reviewed list that may answer differently when asked again in the same transaction. */
const volatileFunctions = new Set(
  `array_sample array_shuffle clock_timestamp gen_random_uuid random random_normal timeofday uuidv4 uuidv7`.split(' '),
)

export function formFinding(reason: string, struct: Struct = {}): RawFinding {
  const message = `Aggregate-only columns ${reason} Aggregate them in one SELECT over their table, with plain conditions and groups.`
  return { rule: 'sql/aggregate-form', offset: locationOf(struct), message }
}

/**
 * Why the rows of a selection could be others when it is asked again, or could depend on protected values; null where
 * neither is so. What decides about rows must be the same for the audit and for the statement.
 */
export function unstable(selection: Struct, calls: ReadonlySet<Struct>): string | null {
  const reasons: string[] = []
  const visit = (value: unknown): void => {
    if (reasons.length > 0) return
    if (Array.isArray(value)) {
      value.forEach(visit)
      return
    }
    if (!isStruct(value)) return
    const reason = calls.has(value) ? 'may not decide which rows are aggregated.' : reasonOf(value)
    if (reason !== null) reasons.push(reason)
    Object.values(value).forEach(visit)
  }
  visit(selection)
  return reasons[0] ?? null
}

function reasonOf(value: Struct): string | null {
  const isLimited = value['limitCount'] !== undefined || value['limitOffset'] !== undefined
  if (isLimited) return 'may not be aggregated over rows chosen by LIMIT or OFFSET.'
  const distinctOn = asList(value['distinctClause']).some((item) => isStruct(item) && Object.keys(item).length > 0)
  if (distinctOn) return 'may not be aggregated over rows chosen by DISTINCT ON.'
  const node = unwrap(value)
  if (node?.type === 'RangeTableSample') return 'may not be aggregated over a sample.'
  if (node?.type !== 'FuncCall') return null
  if (node.struct['over'] !== undefined) return 'may not be aggregated over rows or groups chosen by window functions.'
  const [schema = 'pg_catalog', name = schema] = stringList(node.struct['funcname'])
  if (schema !== 'pg_catalog') return 'may not be aggregated over rows or groups chosen by functions of the policy.'
  return volatileFunctions.has(name)
    ? 'may not be aggregated over rows or groups chosen at random or by the clock.'
    : null
}
