import { parseStatement } from '../grammar/parse.ts'
import { asList, asNode, isStruct, stringList, unwrap, type Struct } from '../../syntax-tree.ts'
import type { RelationUse } from '../names/relations.ts'
import { clockReason } from './clock.ts'
import type { ProtectedCalls } from './protected-calls.ts'

/** What decides which rows are in which group. */
export interface Selection {
  readonly rows: unknown
  readonly uses: readonly RelationUse[]
  readonly calls: ProtectedCalls
}

/** Aggregates whose value is made of the rows in the order in which they come. */
const inOrderOfRows: ReadonlySet<string> = new Set(
  `any_value array_agg json_agg json_agg_strict json_object_agg json_object_agg_strict json_object_agg_unique
  json_object_agg_unique_strict jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict
  jsonb_object_agg_unique jsonb_object_agg_unique_strict string_agg`.split(/\s+/),
)
const inOrderNodes: ReadonlySet<string> = new Set(['JsonArrayAgg', 'JsonObjectAgg', 'JsonArrayQueryConstructor'])

/** Names that are known beforehand to answer otherwise each time; of all others the analyzer tells what they are. */
const byChance: ReadonlySet<string> = new Set(
  `array_sample array_shuffle clock_timestamp gen_random_uuid pg_indexes_size pg_relation_size pg_table_size
  pg_total_relation_size random random_normal statement_timestamp timeofday uuidv4 uuidv7`.split(/\s+/),
)

/**
 * Why the rows of a selection could be others when it is asked again, or could depend on protected values; null where
 * neither follows from its form. The analyzer decides about its functions. The queries of views count as if they were
 * written out; one that is not known is refused.
 */
export function unstable({ rows, uses, calls }: Selection): string | null {
  const views = new Map(
    uses.flatMap(({ struct, relation }) => (relation.view === undefined ? [] : [[struct, relation]])),
  )
  const reasonAt = (value: Struct): string | null => {
    if (calls.has(value)) return 'may not decide which rows are aggregated.'
    const view = views.get(value)?.view
    return view === undefined ? reasonOf(value) : view === null ? unknownView : viewReason(view.definitions)
  }
  return firstReason(rows, reasonAt) ?? clockReason(rows)
}

const unknownView = 'may not be aggregated beside a view whose query is not known.'

function viewReason(definitions: readonly string[]): string | null {
  for (const definition of definitions) {
    const parsed = parseStatement(definition)
    const reason =
      'select' in parsed ? (firstReason(parsed.select, reasonOf) ?? clockReason(parsed.select)) : unknownView
    if (reason !== null) return reason
  }
  return null
}

function firstReason(value: unknown, reasonAt: (struct: Struct) => string | null): string | null {
  if (Array.isArray(value)) {
    for (const item of value) {
      const reason = firstReason(item, reasonAt)
      if (reason !== null) return reason
    }
    return null
  }
  if (!isStruct(value)) return null
  return reasonAt(value) ?? firstReason(Object.values(value), reasonAt)
}

function reasonOf(value: Struct): string | null {
  const isLimited = value['limitCount'] !== undefined || value['limitOffset'] !== undefined
  if (isLimited) return 'may not be aggregated over rows chosen by LIMIT or OFFSET.'
  const distinctOn = asList(value['distinctClause']).some((item) => isStruct(item) && Object.keys(item).length > 0)
  if (distinctOn) return 'may not be aggregated over rows chosen by DISTINCT ON.'
  if (holdsOrderedArray(value)) return byOrder
  const node = unwrap(value)
  if (node === null) return null
  if (node.type === 'RangeTableSample') return 'may not be aggregated over a sample.'
  if (inOrderNodes.has(node.type)) return byOrder
  return node.type === 'FuncCall' ? reasonOfCall(node.struct) : null
}

const byOrder = 'may not be aggregated over rows or groups chosen by the order of other rows.'

function reasonOfCall(call: Struct): string | null {
  if (call['over'] !== undefined) return 'may not be aggregated over rows or groups chosen by window functions.'
  const path = stringList(call['funcname'])
  if (path.length > 1 && path[0] !== 'pg_catalog') {
    return 'may not be aggregated over rows or groups chosen by functions of the policy.'
  }
  const name = path.at(-1) ?? ''
  if (byChance.has(name)) return 'may not be aggregated over rows or groups chosen at random or by the clock.'
  return inOrderOfRows.has(name) ? byOrder : null
}

/** `ARRAY(SELECT …)` holds its rows in the order they come, unless it only stands to be looked through: `= ANY (ARRAY(…))`. */
function holdsOrderedArray(struct: Struct): boolean {
  const isLookedThrough = struct['kind'] === 'AEXPR_OP_ANY' || struct['kind'] === 'AEXPR_OP_ALL'
  return Object.entries(struct).some(
    ([field, value]) => [value].flat().some(isArray) && !(isLookedThrough && field === 'rexpr'),
  )
}

function isArray(value: unknown): boolean {
  return asNode(value, 'SubLink')?.['subLinkType'] === 'ARRAY_SUBLINK'
}
