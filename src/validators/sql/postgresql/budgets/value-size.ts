import type { RawFinding } from '../../location.ts'
import { constantArray, constantNumber, constantText, largestNumber } from './constants.ts'
import { asList, asNode, stringList, unwrap } from '../../syntax-tree.ts'
import type { Visit } from '../grammar/walk.ts'

export interface ValueLimits {
  /** Bytes of one value that a function makes. */
  readonly maximumValueBytes: number
  /** Rows of a series with constant ends. */
  readonly maximumSeries: number
}

/** Bytes assumed of a column or of a function nothing is known about. */
const unknownBytes = 64
const unbounded = Number.POSITIVE_INFINITY
const maximumExponent = 1_000

/**
 * Budgets on values that functions make large. Fails closed: a size that is not a constant counts as unbounded. They
 * come before any planning, since EXPLAIN folds constants: in PostgreSQL 15 a text of some fifty bytes took gigabytes
 * there, and one function that makes a large value ran on for 17 s under a statement timeout of 300 ms.
 */
export function checkValues(visits: readonly Visit[], limits: ValueLimits): RawFinding[] {
  return visits.flatMap((visit) => {
    if (visit.type === 'FuncCall') return checkCall(visit, limits)
    return visit.type === 'A_Expr' ? checkOperator(visit, limits) : []
  })
}

const growing = new Set([
  'repeat',
  'lpad',
  'rpad',
  'format',
  'array_fill',
  'concat',
  'concat_ws',
  'replace',
  'regexp_replace',
  'array_to_string',
])

function checkCall(visit: Visit, limits: ValueLimits): RawFinding[] {
  const name = stringList(visit.struct['funcname']).at(-1) ?? ''
  const parameters = asList(visit.struct['args'])
  const { offset } = visit
  if (growing.has(name)) {
    const bytes = sizeOfCall(name, parameters)
    if (bytes > limits.maximumValueBytes) return [tooLarge(name, bytes, limits.maximumValueBytes, offset)]
  }
  if (name === 'generate_series') return checkSeries(parameters, limits.maximumSeries, offset)
  if (name === 'power' || name === 'pow') return checkPower(parameters[0], parameters[1], offset)
  if (name === 'factorial' || name === 'gamma' || name === 'lgamma') {
    const operand = constantNumber(parameters[0])
    if (name !== 'factorial' || (operand !== null && operand <= maximumExponent)) return []
    return [notConstant(`factorial takes a literal of at most ${maximumExponent}`, offset)]
  }
  return patternPosition[name] === undefined ? [] : checkPattern(parameters[patternPosition[name]], offset)
}

function checkOperator(visit: Visit, limits: ValueLimits): RawFinding[] {
  const operator = stringList(visit.struct['name']).at(-1) ?? ''
  const { lexpr, rexpr } = visit.struct
  if (operator === '^') return checkPower(lexpr, rexpr, visit.offset)
  if (operator === '||') {
    const bytes = sizeOf({ A_Expr: visit.struct })
    return bytes <= limits.maximumValueBytes ? [] : [tooLarge('||', bytes, limits.maximumValueBytes, visit.offset)]
  }
  if (/^!?~\*?$/.test(operator)) return checkPattern(rexpr, visit.offset)
  return []
}

/** Upper bound of a value's bytes, so far as the text tells. */
function sizeOf(expression: unknown): number {
  const node = unwrap(expression)
  if (node === null) return 0
  if (node.type === 'A_Const') return Buffer.byteLength(constantText(expression) ?? '') || 16
  if (node.type === 'TypeCast') return sizeOf(node.struct['arg'])
  if (node.type === 'A_Expr') return sizeOf(node.struct['lexpr']) + sizeOf(node.struct['rexpr'])
  if (node.type === 'FuncCall') {
    const name = stringList(node.struct['funcname']).at(-1) ?? ''
    return sizeOfCall(name, asList(node.struct['args']))
  }
  return unknownBytes
}

function sizeOfCall(name: string, parameters: readonly unknown[]): number {
  const [first, second] = parameters
  switch (name) {
    case 'repeat':
      return Math.max(sizeOf(first), 1) * Math.max(largestNumber(second) ?? unbounded, 0)
    case 'lpad':
    case 'rpad':
      // Four bytes at most per character.
      return Math.max(largestNumber(second) ?? unbounded, 0) * 4
    case 'format':
      return sizeOfFormat(constantText(first)) + sum(parameters)
    case 'array_fill':
      return Math.max(sizeOf(first), 8) * (constantArray(second) ?? [unbounded]).reduce((a, b) => a * b, 1)
    case 'replace':
      return sizeOf(first) * Math.max(1, textBytes(parameters[2]) / Math.max(textBytes(second), 1))
    // Each character, and what is between two of them, may become the third argument.
    case 'regexp_replace':
      return sizeOf(first) + (sizeOf(first) + 1) * textBytes(parameters[2])
    // The separator stands between any two elements.
    case 'array_to_string':
      return sizeOf(first) + sizeOf(first) * sizeOf(second)
    default:
      return Math.max(sum(parameters), unknownBytes)
  }
}

/** Bytes of a literal as it is, else what may be. */
function textBytes(expression: unknown): number {
  const literal = constantText(expression)
  return literal === null ? sizeOf(expression) : Buffer.byteLength(literal)
}

function sum(expressions: readonly unknown[]): number {
  return expressions.reduce<number>((total, expression) => total + sizeOf(expression), 0)
}

/** Widths of a format text; `*` takes its width from an argument. */
function sizeOfFormat(format: string | null): number {
  if (format === null || /%[^%sIL]*\*/.test(format)) return unbounded
  return [...format.matchAll(/%(?:\d+\$)?-?(\d+)/g)].reduce((total, match) => total + Number(match[1]), format.length)
}

function checkSeries(parameters: readonly unknown[], maximum: number, offset: number): RawFinding[] {
  const [from, to, step = 1] = parameters.map(constantNumber)
  if (typeof from !== 'number' || typeof to !== 'number' || typeof step !== 'number')
    return checkTimeSeries(parameters, maximum, offset)
  const rows = step === 0 ? 0 : (to - from) / step
  if (rows <= maximum) return []
  return [
    {
      rule: 'sql/value-too-large',
      offset,
      message: `generate_series makes ${Math.floor(rows)} rows here; at most ${maximum} are allowed.`,
    },
  ]
}

/** Ends in time with a constant step below a second make more rows than anybody reads. */
function checkTimeSeries(parameters: readonly unknown[], maximum: number, offset: number): RawFinding[] {
  const step = constantText(parameters[2])
  const [from, to] = parameters.map((item) => Date.parse(constantText(item) ?? ''))
  if (step === null || !/(micro|milli|sec)/i.test(step)) return []
  if (from !== undefined && to !== undefined && (to - from) / 1000 <= maximum && !/(micro|milli)/i.test(step)) return []
  return [notConstant('generate_series over time takes a step of a minute or more', offset)]
}

/** Arbitrary precision: a power of a power can have more digits than memory. */
function checkPower(base: unknown, exponent: unknown, offset: number): RawFinding[] {
  const nested = [base, exponent].some((side) => {
    const inner = asNode(side, 'A_Expr')
    return inner !== null && stringList(inner['name']).at(-1) === '^' && constantNumber(side) === null
  })
  const value = constantNumber(exponent)
  const result = (constantNumber(base) ?? 1) ** (value ?? 1)
  if (!nested && Number.isFinite(result) && (value === null || Math.abs(value) <= maximumExponent)) return []
  return [notConstant(`A power takes an exponent of at most ${maximumExponent}, and no power as its operand`, offset)]
}

/** Which argument of a function is a regular expression. */
const patternPosition: Readonly<Record<string, number>> = {
  regexp_count: 1,
  regexp_instr: 1,
  regexp_like: 1,
  regexp_match: 1,
  regexp_matches: 1,
  regexp_replace: 1,
  regexp_split_to_array: 1,
  regexp_split_to_table: 1,
  regexp_substr: 1,
}

/** The size of a regular expression's automaton grows with the product of nested counts. */
function checkPattern(expression: unknown, offset: number): RawFinding[] {
  const pattern = constantText(expression)
  if (pattern === null) return []
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map((match) => Number(match[2] ?? match[1] ?? 1) || 1)
  const states = counts.reduce((product, count) => product * Math.max(count, 1), 1)
  const backReference = /\\[1-9]/.test(pattern)
  if (pattern.length <= 500 && states <= 2_000 && !backReference) return []
  const message =
    'This regular expression is too expensive: at most 500 characters, no back-references, and counts like {3} whose product stays below 2000.'
  return [{ rule: 'sql/pattern-too-expensive', offset, message }]
}

function tooLarge(name: string, bytes: number, maximum: number, offset: number): RawFinding {
  const isKnown = Number.isFinite(bytes)
  const size = isKnown ? `up to ${bytes} bytes` : 'of a size that is not constant'
  const bound = ['repeat', 'lpad', 'rpad'].includes(name) && !isKnown ? ', or bound it: least(size, 100)' : ''
  return {
    rule: 'sql/value-too-large',
    offset,
    message: `${name} makes a value ${size} here; use literal sizes that stay below ${maximum} bytes${bound}.`,
  }
}

function notConstant(message: string, offset: number): RawFinding {
  return { rule: 'sql/value-too-large', offset, message: `${message}.` }
}
