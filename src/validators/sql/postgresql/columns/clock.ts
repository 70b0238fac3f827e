import { asList, asNode, isStruct, stringList, textField, unwrap, type Struct } from '../../syntax-tree.ts'
import { isSelect } from './protected-calls.ts'

/**
 * What an expression is by the clock: `none` the same whenever it is asked; `day` another one when a day is over;
 * `moment` later or longer at every moment, and never back; `fine` anything else at every moment.
 */
type Clock = 'none' | 'day' | 'moment' | 'fine'

const order: readonly Clock[] = ['none', 'day', 'moment', 'fine']

/**
 * Why a clock could choose other rows at every moment; null where it cannot. The clock of a transaction is one for the
 * audit and for the statement, which is the wall; this is a second one. A moment may be compared with (`paid_at > now() -
 * interval '30 days'`), by which a row changes sides once as time goes by, and be shortened to a day or more. Whoever counts
 * microseconds or hashes the time would draw other rows with each try.
 */
export function clockReason(rows: unknown): string | null {
  if (closed(clockOf(rows)) !== 'fine') return null
  return 'may not be aggregated over rows or groups chosen by the time of day. Compare a column with now() or CURRENT_DATE.'
}

function latest(clocks: readonly Clock[]): Clock {
  return order[Math.max(0, ...clocks.map((clock) => order.indexOf(clock)))] ?? 'fine'
}

/** The clock of a value that is passed on to something unknown. */
function closed(clock: Clock): Clock {
  return clock === 'moment' ? 'fine' : clock
}

/**
 * The clock of a combination of values. At most one may move with the clock, because the distance of two reveals a part
 * of a second, a minute, an hour.
 */
function moving(clocks: readonly Clock[]): Clock {
  return clocks.filter((clock) => clock === 'moment').length > 1 ? 'fine' : latest(clocks)
}

function clockOf(value: unknown): Clock {
  if (Array.isArray(value)) return latest(value.map(clockOf))
  if (!isStruct(value)) return 'none'
  const node = unwrap(value)
  const reader = node === null || isSelect(node.struct) ? undefined : readers[node.type]
  if (node !== null && reader !== undefined) return reader(node.struct)
  return closed(latest(Object.values(value).map((item) => closed(clockOf(item)))))
}

const readers: Readonly<Record<string, ((struct: Struct) => Clock) | undefined>> = {
  List: ({ items }) => clockOf(items),
  A_Const: ({ sval }) => (isStruct(sval) ? clockOfText(textField(sval, 'sval') ?? '') : 'none'),
  SQLValueFunction: ({ op }) => sessionClocks[String(op).replace('SVFOP_', '')] ?? 'fine',
  A_Expr: clockOfOperator,
  FuncCall: clockOfCall,
  TypeCast: ({ arg, typeName }) => clockOfCast(clockOf(arg), typeName),
  CoalesceExpr: ({ args }) => clockOf(args),
  MinMaxExpr: ({ args }) => clockOf(args),
  CaseExpr: ({ arg, args, defresult }) =>
    latest([closed(clockOf(arg)), ...asList(args).map(clockOf), clockOf(defresult)]),
  CaseWhen: ({ expr, result }) => latest([closed(clockOf(expr)), clockOf(result)]),
  SubLink: ({ subLinkType, testexpr, subselect }) => {
    const inner = clockOf(subselect)
    return subLinkType === 'ANY_SUBLINK' || subLinkType === 'ALL_SUBLINK' ? compared(clockOf(testexpr), [inner]) : inner
  },
}

const sessionClocks: Readonly<Record<string, Clock | undefined>> = {
  CURRENT_DATE: 'day',
  CURRENT_TIMESTAMP: 'moment',
  CURRENT_TIMESTAMP_N: 'moment',
  LOCALTIMESTAMP: 'moment',
  LOCALTIMESTAMP_N: 'moment',
}

/** Words that the readers of dates and times take for a point in time, wherever in a text they stand alone. */
function clockOfText(text: string): Clock {
  if (/(?:^|[^a-z])now(?:[^a-z]|$)/i.test(text)) return 'moment'
  return /(?:^|[^a-z])(?:today|tomorrow|yesterday)(?:[^a-z]|$)/i.test(text) ? 'day' : 'none'
}

/** The clock of a comparison: a row changes sides at most once, whichever way it is written. */
function compared(left: Clock, right: readonly Clock[]): Clock {
  if (left === 'fine' || right.includes('fine')) return 'fine'
  return left === 'moment' && right.includes('moment') ? 'fine' : 'none'
}

const comparisons: ReadonlySet<string> = new Set('= <> != < <= > >= ~ ~* !~ !~*'.split(' '))
const comparisonKinds =
  /^AEXPR_(?:OP_ANY|OP_ALL|DISTINCT|NOT_DISTINCT|IN|LIKE|ILIKE|SIMILAR|BETWEEN|NOT_BETWEEN|BETWEEN_SYM|NOT_BETWEEN_SYM)$/

function clockOfOperator({ kind, name, lexpr, rexpr }: Struct): Clock {
  const operator = stringList(name).at(-1) ?? ''
  const left = clockOf(lexpr)
  const right = asList(asNode(rexpr, 'List')?.['items'] ?? (Array.isArray(rexpr) ? rexpr : [rexpr])).map(clockOf)
  if (comparisonKinds.test(String(kind))) return compared(left, right)
  if (kind !== 'AEXPR_OP') return closed(latest([left, ...right]))
  if (comparisons.has(operator)) return compared(left, right)
  return ['+', '-', '*', '/'].includes(operator) ? moving([left, ...right]) : closed(latest([left, ...right]))
}

/** Functions of which a later argument makes a later or equal value. */
const carriers: ReadonlySet<string> = new Set(
  `ceil ceiling date_add date_bin date_subtract floor justify_days justify_hours justify_interval round timestamp
  timestamptz timezone trunc`.split(/\s+/),
)
const days: ReadonlySet<string> = new Set('day week month quarter year decade century millennium'.split(' '))
const parts: ReadonlySet<string> = new Set([...days, 'dow', 'doy', 'isodow', 'isoyear'])

function clockOfCall(call: Struct): Clock {
  const name = stringList(call['funcname']).at(-1) ?? ''
  const args = asList(call['args'])
  const clocks = args.map(clockOf)
  const all = moving(clocks)
  const rest = ['agg_filter', 'agg_order', 'over'].map((field) => closed(clockOf(call[field])))
  if (rest.includes('fine')) return 'fine'
  if (name === 'now' || name === 'transaction_timestamp') return 'moment'
  // `age` with one argument counts from the beginning of the day.
  if (name === 'age') return args.length === 1 ? latest(['day', closed(all)]) : all
  if (all !== 'moment') return latest([all, ...rest])
  const word = constantText(args[0])
  if (name === 'date') return 'day'
  if (name === 'date_trunc') return word !== null && days.has(word) ? 'day' : 'moment'
  if (name === 'extract' || name === 'date_part') return clockOfPart(word ?? '')
  if (name === 'to_char') return isOfDays(constantText(args[1])) ? 'day' : 'fine'
  return carriers.has(name) ? 'moment' : 'fine'
}

function clockOfPart(field: string): Clock {
  if (parts.has(field)) return 'day'
  return field === 'epoch' || field === 'julian' ? 'moment' : 'fine'
}

function constantText(value: unknown): string | null {
  const text = asNode(value, 'A_Const')?.['sval']
  return isStruct(text) ? (textField(text, 'sval')?.toLowerCase() ?? null) : null
}

/** Is a format of `to_char` made of nothing but years, quarters, months, weeks and days? */
function isOfDays(format: string | null): boolean {
  if (format === null) return false
  const known = /"[^"]*"|i?y{1,4}|month|mon|mm|day|dy|i?ddd|dd|i?d|iw|ww|w|q|cc|fm|th/g
  return !/[a-z]/.test(format.replaceAll(known, ''))
}

const carriedTypes: ReadonlySet<string> = new Set(
  'timestamp timestamptz interval int2 int4 int8 numeric float4 float8'.split(' '),
)

function clockOfCast(clock: Clock, type: unknown): Clock {
  if (clock !== 'moment' || !isStruct(type) || type['arrayBounds'] !== undefined) return closed(clock)
  const name = stringList(type['names']).at(-1) ?? ''
  if (name === 'date') return 'day'
  return carriedTypes.has(name) ? 'moment' : 'fine'
}
