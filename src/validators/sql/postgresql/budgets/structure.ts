import type { RawFinding } from '../../location.ts'
import { checkRecursion } from './recursion.ts'
import { asList, isStruct, textField } from '../../syntax-tree.ts'
import type { Visit } from '../grammar/walk.ts'

export interface StructureLimits {
  readonly maximumDepth: number
  readonly maximumNodes: number
  /** Tables, subqueries and functions in FROM, over the whole statement. */
  readonly maximumRelations: number
  readonly maximumSetOperations: number
  /** Bytes of one literal. */
  readonly maximumLiteralBytes: number
}

const rangeTypes = new Set(['RangeVar', 'RangeSubselect', 'RangeFunction'])
const maximumGroupingElements = 8

/** Budgets on the shape. Fails closed: what is over any of them is a finding, before anything is resolved or planned. */
export function checkStructure(visits: readonly Visit[], limits: StructureLimits): RawFinding[] {
  const findings: RawFinding[] = []
  const tooMuch = (count: number, limit: number, what: string, visit: Visit | undefined): void => {
    if (count <= limit) return
    const message = `The statement has ${count} ${what}; at most ${limit} are allowed. Split it or ask for less.`
    findings.push({ rule: 'sql/too-complex', offset: visit?.offset ?? 0, message })
  }
  const deepest = visits.reduce<Visit | undefined>((a, b) => (a !== undefined && a.depth >= b.depth ? a : b), undefined)
  tooMuch(deepest?.depth ?? 0, limits.maximumDepth, 'levels of nesting', deepest)
  tooMuch(visits.length, limits.maximumNodes, 'parts', undefined)
  const ranges = visits.filter((visit) => rangeTypes.has(visit.type))
  tooMuch(ranges.length, limits.maximumRelations, 'tables, subqueries and functions in FROM', ranges.at(-1))
  const operations = visits.filter((visit) => visit.type === 'SelectStmt' && isStruct(visit.struct['larg']))
  tooMuch(operations.length, limits.maximumSetOperations, 'set operations', operations[0])
  for (const visit of visits) findings.push(...checkLiteral(visit, limits), ...checkGrouping(visit))
  return [...findings, ...checkRecursion(visits)]
}

function checkLiteral(visit: Visit, limits: StructureLimits): RawFinding[] {
  const text = textField(visit.struct, 'sval') ?? textField(visit.struct, 'bsval') ?? textField(visit.struct, 'fval')
  if (text === null) return []
  if (Buffer.byteLength(text) > limits.maximumLiteralBytes) {
    const message = `A literal is longer than ${limits.maximumLiteralBytes} bytes.`
    return [{ rule: 'sql/value-too-large', offset: visit.offset, message }]
  }
  const exponent = visit.type === 'Float' ? /e[+-]?(\d+)$/i.exec(text)?.[1] : undefined
  if (exponent === undefined || Number(exponent) <= 400) return []
  const message = 'A number with an exponent above 400 is not allowed.'
  return [{ rule: 'sql/value-too-large', offset: visit.offset, message }]
}

/** CUBE makes two to the power of its elements grouping sets. */
function checkGrouping(visit: Visit): RawFinding[] {
  if (visit.type !== 'GroupingSet') return []
  const elements = asList(visit.struct['content']).length
  const limit = visit.struct['kind'] === 'GROUPING_SET_CUBE' ? maximumGroupingElements : 64
  if (elements <= limit) return []
  const message = `A grouping set of ${elements} elements is too large; at most ${limit} are allowed.`
  return [{ rule: 'sql/too-complex', offset: visit.offset, message }]
}
