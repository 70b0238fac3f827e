import {
  hiddenEndCharacters,
  hiddenForm,
  hiddenStartCharacters,
  hiddenValueBytes,
  type HiddenForm,
} from '../../../../core/hidden-values.ts'
import { asList, asNode, stringList, textField, type Struct } from '../../syntax-tree.ts'
import type { SqlPolicy } from '../../policy.ts'
import type { MaskedOutput } from './mask-plan.ts'

/** The statement as it runs: of a masked output no more leaves the database than its mask needs. */
export function hideValues(select: Struct, masks: readonly MaskedOutput[], policy: SqlPolicy): Struct {
  const hidden = new Map(masks.map((mask) => [mask.position, mask]))
  const targetList = asList(select['targetList']).map((target, position) => {
    const mask = hidden.get(position)
    const struct = asNode(target, 'ResTarget')
    if (mask === undefined || struct === null) return target
    const column = struct['val']
    const name = textField(struct, 'name') ?? stringList(asNode(column, 'ColumnRef')?.['fields']).at(-1)
    if (name === undefined) return target
    const type = policy.relations.get(mask.relation)?.types.get(mask.column) ?? ''
    return { ResTarget: { ...struct, name, val: forms[hiddenForm(mask.how, type)](column) } }
  })
  return { ...select, targetList }
}

/** An output of a statement and the masked column behind it, if any. */
export interface ShownOutput {
  readonly name: string
  readonly mask: Omit<MaskedOutput, 'position'> | null
}

/**
 * Hides masked columns that are passed on from within: the statement becomes a subquery of one that hides them. It
 * lists every output, since what the statement itself lists may be stars or sides of a set operation.
 */
export function hidePassed(select: Struct, outputs: readonly ShownOutput[], policy: SqlPolicy): Struct {
  const columns = outputs.map((_, position) => `output_${position + 1}`)
  const targetList = outputs.map(({ name, mask }, position) => {
    const column = { ColumnRef: { fields: [text('passed'), text(columns[position] ?? '')] } }
    const type = mask === null ? '' : (policy.relations.get(mask.relation)?.types.get(mask.column) ?? '')
    return { ResTarget: { name, val: mask === null ? column : forms[hiddenForm(mask.how, type)](column) } }
  })
  const alias = { aliasname: 'passed', colnames: columns.map(text) }
  return {
    targetList,
    fromClause: [{ RangeSubselect: { subquery: { SelectStmt: select }, alias } }],
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  }
}

/** The masks of outputs by their positions. */
export function masksOf(outputs: readonly ShownOutput[]): MaskedOutput[] {
  return outputs.flatMap(({ mask }, position) => (mask === null ? [] : [{ position, ...mask }]))
}

const text = (value: string): Struct => ({ String: { sval: value } })
const integer = (ival: number): Struct => ({ A_Const: { ival: { ival } } })
const literal = (sval: string): Struct => ({ A_Const: { sval: { sval } } })
const asText = (arg: unknown): Struct => ({ TypeCast: { arg, typeName: { names: [text('text')], typemod: -1 } } })
const operator = (name: string, lexpr: Struct, rexpr: Struct): Struct => ({
  A_Expr: { kind: 'AEXPR_OP', name: [text(name)], lexpr, rexpr },
})

function call(name: string, ...args: readonly Struct[]): Struct {
  return { FuncCall: { funcname: [text('pg_catalog'), text(name)], args, funcformat: 'COERCE_EXPLICIT_CALL' } }
}

/** The length of a stored text is known, and its beginning read, without reading the whole. */
const forms: Readonly<Record<HiddenForm, (value: unknown) => Struct>> = {
  nothing: () => ({ A_Const: { isnull: true } }),
  digest: (value) => {
    const length = asText(call('octet_length', asText(value)))
    const known = operator('||', call('left', asText(value), integer(hiddenValueBytes)), length)
    return call('sha256', call('convert_to', known, literal('UTF8')))
  },
  end: (value) => call('right', asText(value), integer(hiddenEndCharacters)),
  start: (value) => call('left', asText(value), integer(hiddenStartCharacters)),
  short: (value) => {
    const expr = operator('<=', call('octet_length', asText(value)), integer(hiddenValueBytes))
    return { CaseExpr: { args: [{ CaseWhen: { expr, result: value } }] } }
  },
}
