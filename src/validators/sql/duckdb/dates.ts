import { isStruct, type Struct } from '../syntax-tree.ts'
import type { RawFinding } from '../location.ts'
import { ambiguousDate, isAmbiguousDate } from '../postgresql/names/ambiguous-dates.ts'
import type { AllowedRelation } from '../policy.ts'

/** Texts that would be dates in the order of year, month and day where one of the names is a column of dates. */
interface Compared {
  readonly texts: readonly string[]
  readonly columns: readonly string[]
  /** One of the sides is a date whatever the columns are. */
  readonly isDate: boolean
  readonly offset: number
}

const timeType = /^(?:DATE|TIMESTAMP|DATETIME)/i
const makeDates =
  /^(?:now|today|current_date|current_timestamp|get_current_timestamp|date_trunc|make_date|make_timestamp|last_day|to_timestamp|strptime|try_strptime|time_bucket|date_add|add)$/
const readDates = new Set(
  `year month day quarter week weekday isodow dayofweek dayofmonth dayofyear weekofyear yearweek era century decade millennium
  date_part datepart date_diff datediff date_sub datesub date_trunc datetrunc last_day dayname monthname strftime age
  epoch epoch_ms time_bucket`.split(/\s+/),
)

/**
 * Collects, on the way through a tree, the texts that can be recognized as ambiguous dates only when every table is
 * known.
 */
export class ComparedDates {
  readonly #found: Compared[] = []

  inspect(kind: string, expression: Struct, offset: number): void {
    const sides = sidesOf(kind, expression)
    const texts = sides.flatMap((side) => textOf(side) ?? []).filter(isAmbiguousDate)
    if (texts.length === 0) return
    const isDate = kind === 'CAST' || kind === 'FUNCTION' || sides.some(isDateItself)
    this.#found.push({ texts, columns: sides.flatMap(columnsIn), isDate, offset })
  }

  /** `ownNames` are columns that the statement makes, of which the type is not known: a text with dots may be a version. */
  findings(relations: ReadonlySet<AllowedRelation>, ownNames: ReadonlySet<string>): RawFinding[] {
    const columns = [...relations].flatMap(({ types }) => Array.from(types))
    const dates = new Set(columns.flatMap(([name, type]) => (timeType.test(type) ? [name.toLowerCase()] : [])))
    const known = new Set(columns.map(([name]) => name.toLowerCase()))
    return this.#found.flatMap(({ texts, columns: named, isDate, offset }) => {
      const areDates = isDate || named.some((name) => dates.has(name))
      const maybe = named.some((name) => !known.has(name) && ownNames.has(name))
      const text = texts.find((item) => areDates || (maybe && !item.includes('.')))
      if (text === undefined) return []
      return [{ rule: 'sql/ambiguous-date', offset, message: ambiguousDate(text, "strptime('…', '%d/%m/%Y')") }]
    })
  }
}

/** What is compared, cast to a date or read by a function of dates. */
function sidesOf(kind: string, expression: Struct): readonly unknown[] {
  if (kind === 'COMPARISON') return [expression['left'], expression['right']]
  if (kind === 'BETWEEN') return [expression['input'], expression['lower'], expression['upper']]
  if (kind === 'OPERATOR' && /^COMPARE_(?:NOT_)?IN$/.test(String(expression['type']))) {
    return listOf(expression['children'])
  }
  if (kind === 'CAST') return isTimeCast(expression) ? [expression['child']] : []
  const isCall = kind === 'FUNCTION' && readDates.has(String(expression['function_name']).toLowerCase())
  return isCall ? argumentsOf(expression) : []
}

function isTimeCast(cast: Struct): boolean {
  const type = cast['type_expr']
  return isStruct(type) && timeType.test(String(type['type_name']))
}

function isDateItself(value: unknown): boolean {
  if (!isStruct(value)) return false
  if (value['class'] === 'CAST') return isTimeCast(value)
  if (value['class'] !== 'FUNCTION') return false
  const name = String(value['function_name']).toLowerCase()
  return makeDates.test(name) || ((name === '+' || name === '-') && argumentsOf(value).some(isDateItself))
}

/** A text, also one that is cast to a text first. */
function textOf(value: unknown): string | null {
  if (!isStruct(value)) return null
  if (value['class'] === 'CAST' && !isTimeCast(value)) return textOf(value['child'])
  const literal = value['class'] === 'CONSTANT' ? value['literal'] : null
  return isStruct(literal) && typeof literal['text'] === 'string' ? literal['text'] : null
}

function columnsIn(value: unknown): string[] {
  if (!isStruct(value)) return []
  if (value['class'] === 'COLUMN_REF') return [String(listOf(value['column_names']).at(-1)).toLowerCase()]
  if (value['class'] === 'FUNCTION') {
    const isArithmetic = /^[+-]$|^(?:min|max|coalesce|greatest|least|ifnull)$/i.test(String(value['function_name']))
    return isArithmetic ? argumentsOf(value).flatMap(columnsIn) : []
  }
  return value['class'] === 'OPERATOR' && value['type'] === 'OPERATOR_COALESCE'
    ? listOf(value['children']).flatMap(columnsIn)
    : []
}

function argumentsOf(call: Struct): readonly unknown[] {
  return listOf(call['arguments']).map((item) => (isStruct(item) && 'expression' in item ? item['expression'] : item))
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}
