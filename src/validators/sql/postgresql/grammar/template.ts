import { isAmbiguousDate } from '../names/ambiguous-dates.ts'
import { readOutline, type Outline } from './outline.ts'
import { groupsByConstants } from './shape.ts'
import { asNode, asList, isStruct, locationOf, stringList, textField, unwrap, type Struct } from '../../syntax-tree.ts'

/**
 * A canonical text in which some literals of the source may be exchanged. Only operands of comparisons in conditions are
 * free; with any other literal it is another statement.
 *
 * `SELECT name FROM customers WHERE city = 'Bonn' AND age > 30 LIMIT 5` has the pieces
 * `SELECT name FROM public.customers WHERE city = `, ` AND age > ` and ` LIMIT 5`: `'Bonn'` and `30` are free, so the
 * same statement about `'Kiel'` and `40` is not examined again. With `LIMIT 6` it is.
 */
export interface Template {
  /** May the plain literal of this number be another of its kind? By position in the source's outline. */
  readonly isFree: readonly boolean[]
  /** The canonical text around its free literals: one piece more than there are of them. */
  readonly pieces: readonly string[]
  /** Numbers of the source's literals that stand between the pieces. */
  readonly order: readonly number[]
}

/** Fields that hold conditions: of SELECT and of JOIN. */
const conditionFields = new Set(['whereClause', 'havingClause', 'quals'])
const comparisons = new Set(['=', '<>', '<', '<=', '>', '>='])
/** Comparisons by another node kind, whose operands the gate looks at no more than at those of `=`. */
const comparisonKinds = new Set([
  'AEXPR_IN',
  'AEXPR_LIKE',
  'AEXPR_ILIKE',
  'AEXPR_BETWEEN',
  'AEXPR_NOT_BETWEEN',
  'AEXPR_BETWEEN_SYM',
  'AEXPR_NOT_BETWEEN_SYM',
])
/** What the printer writes otherwise: integers with zeros before them, and the cast around a text with a bracket. */
const printedOtherwise = /^0\d+$|\(/

interface Pair {
  readonly sent: Struct
  readonly printed: Struct
}

/**
 * The template of a source and the canonical text printed from it, whose trees say the same; null where no literal is
 * free. A literal is free where the tree as sent and the tree of the print both have it, as it is written, as a constant
 * that is an operand of a comparison or cast to be one, with nothing but AND, OR and NOT between it and the WHERE, HAVING or ON around it.
 */
export function templateOf(
  source: string,
  canonical: string,
  trees: { readonly sent: Struct; readonly printed: Struct },
): Template | null {
  const from = readOutline(source)
  if (from === null || from.literals.length === 0) return null
  const to = readOutline(canonical)
  if (to === null) return null
  const found: Pair[] = []
  collect(trees.sent, trees.printed, found)
  const holes = found
    .flatMap((pair) => holeOf(pair, from, to))
    .sort((left, right) => (to.starts[left.to] ?? 0) - (to.starts[right.to] ?? 0))
  const free = new Set(holes.map((hole) => hole.from))
  // A literal has to stand once in either text; otherwise there is no template.
  if (holes.length === 0 || free.size !== holes.length) return null
  const pieces: string[] = []
  let end = 0
  for (const hole of holes) {
    const start = to.starts[hole.to] ?? 0
    pieces.push(canonical.slice(end, start))
    end = start + (to.literals[hole.to]?.length ?? 0)
  }
  pieces.push(canonical.slice(end))
  return { isFree: from.literals.map((_, index) => free.has(index)), pieces, order: holes.map((hole) => hole.from) }
}

/** Where each free literal stands in the canonical text that the template makes of these literals, in order. */
export function placesOfFree({ order, pieces }: Template, { literals }: Outline): number[] {
  let end = 0
  return order.map((number, index) => {
    const place = end + (pieces[index]?.length ?? 0)
    end = place + (literals[number]?.length ?? 0)
    return place
  })
}

/** The same template with some of its free literals fixed as they are; null where none is left. */
export function fixLiterals(
  { order, pieces, isFree }: Template,
  { literals }: Outline,
  isFixed: (index: number) => boolean,
): Template | null {
  const left = { order: [] as number[], pieces: [pieces[0] ?? ''] }
  for (const [index, number] of order.entries()) {
    const piece = pieces[index + 1] ?? ''
    if (isFixed(index)) left.pieces.push(`${left.pieces.pop() ?? ''}${literals[number] ?? ''}${piece}`)
    else {
      left.order.push(number)
      left.pieces.push(piece)
    }
  }
  return left.order.length === 0 ? null : { ...left, isFree: isFree.map((_, index) => left.order.includes(index)) }
}

/**
 * The canonical text for other free literals; null where one of them would be printed otherwise than it is written, or is
 * to be refused where it is read as a date.
 */
export function fillTemplate(template: Template, outline: Outline): string | null {
  const { order, pieces } = template
  let text = pieces[0] ?? ''
  for (const [index, number] of order.entries()) {
    const literal = outline.literals[number]
    if (literal === undefined || printedOtherwise.test(literal) || isAmbiguousDate(literal)) return null
    text += literal + (pieces[index + 1] ?? '')
  }
  return text
}

function collect(sent: unknown, printed: unknown, found: Pair[]): void {
  if (Array.isArray(sent)) {
    sent.forEach((item, index) => collect(item, asList(printed)[index], found))
  } else if (isStruct(sent) && isStruct(printed)) {
    for (const field in sent) {
      const isCondition = conditionFields.has(field) && (field !== 'havingClause' || !groupsByConstants(sent))
      if (isCondition) collectCondition(sent[field], printed[field], found)
      collect(sent[field], printed[field], found)
    }
  }
}

function collectCondition(sent: unknown, printed: unknown, found: Pair[]): void {
  const [left, right] = [unwrap(sent), unwrap(printed)]
  if (left === null || right === null) return
  if (left.type === 'BoolExpr') {
    const others = asList(right.struct['args'])
    asList(left.struct['args']).forEach((item, index) => collectCondition(item, others[index], found))
  } else if (left.type === 'A_Expr' && isComparison(left.struct)) {
    for (const side of ['lexpr', 'rexpr']) collectOperands(left.struct[side], right.struct[side], found)
  }
}

function isComparison({ kind, name }: Struct): boolean {
  if (kind !== 'AEXPR_OP') return comparisonKinds.has(String(kind))
  const path = stringList(name)
  return path.length === 1 && comparisons.has(path[0] ?? '')
}

/** One constant, also in a cast, or those of a list: `DATE '2026-01-01'`, `IN (1, 2)`, `BETWEEN 1 AND 2`. */
function collectOperands(sent: unknown, printed: unknown, found: Pair[]): void {
  const [left, right] = [constantIn(sent), constantIn(printed)]
  if (left !== null && right !== null) found.push({ sent: left, printed: right })
  const [items, others] = [asNode(sent, 'List')?.['items'], asNode(printed, 'List')?.['items']]
  asList(items).forEach((item, index) => collectOperands(item, asList(others)[index], found))
}

function constantIn(operand: unknown): Struct | null {
  const cast = asNode(operand, 'TypeCast')
  return cast === null ? asNode(operand, 'A_Const') : constantIn(cast['arg'])
}

/** Numbers of the literal in both outlines, where both hold this very constant as it is written. */
function holeOf({ sent, printed }: Pair, from: Outline, to: Outline): { from: number; to: number }[] {
  const written = writtenConstant(sent)
  const hole = { from: from.starts.indexOf(locationOf(sent)), to: to.starts.indexOf(locationOf(printed)) }
  const isPlain = written !== null && from.literals[hole.from] === written && to.literals[hole.to] === written
  const isPrintedAlike = written !== null && !printedOtherwise.test(written)
  return isPlain && isPrintedAlike && writtenConstant(printed) === written ? [hole] : []
}

/** A constant in its plainest form; null for kinds that have none. */
function writtenConstant({ ival, fval, sval }: Struct): string | null {
  // The grammar's printer leaves out a zero and an empty text.
  if (isStruct(ival)) return typeof ival['ival'] === 'number' ? String(ival['ival']) : '0'
  if (isStruct(fval)) return textField(fval, 'fval')
  return isStruct(sval) ? `'${textField(sval, 'sval') ?? ''}'` : null
}
