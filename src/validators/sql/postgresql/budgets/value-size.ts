import type { RawFinding } from '../../location.ts'
import { constantArray, constantNumber, constantText, largestNumber } from './constants.ts'
import { intervalMilliseconds, intervalText } from './interval.ts'
import { checkPatterns } from './patterns.ts'
import { asList, asNode, isStruct, stringList, unwrap } from '../../syntax-tree.ts'
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
const powers = new Set(['^', 'power', 'pow'])

/**
 * Budgets on values that functions make large. Fails closed: a size that is not a constant counts as unbounded. They
 * come before any planning, since EXPLAIN folds constants: in PostgreSQL 15 a text of some fifty bytes took gigabytes
 * there, and one function that makes a large value ran on for 17 s under a statement timeout of 300 ms.
 */
export function checkValues(visits: readonly Visit[], limits: ValueLimits): RawFinding[] {
  const values = visits.flatMap((visit) => {
    if (visit.type === 'FuncCall') return checkCall(visit, limits)
    return visit.type === 'A_Expr' ? checkOperator(visit, limits) : []
  })
  return [...values, ...checkPatterns(visits)]
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
  if (powers.has(name)) return checkPower(parameters[0], parameters[1], offset)
  if (name === 'factorial' || name === 'gamma' || name === 'lgamma') {
    const operand = constantNumber(parameters[0])
    if (name !== 'factorial' || (operand !== null && operand <= maximumExponent)) return []
    return [notConstant(`factorial takes a literal of at most ${maximumExponent}`, offset)]
  }
  return []
}

function checkOperator(visit: Visit, limits: ValueLimits): RawFinding[] {
  const operator = stringList(visit.struct['name']).at(-1) ?? ''
  const { lexpr, rexpr } = visit.struct
  if (operator === '^') return checkPower(lexpr, rexpr, visit.offset)
  if (operator === '||') {
    const bytes = sizeOf({ A_Expr: visit.struct })
    return bytes <= limits.maximumValueBytes ? [] : [tooLarge('||', bytes, limits.maximumValueBytes, visit.offset)]
  }
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
      return sizeOf(first) * Math.max(largestNumber(second) ?? unbounded, 0)
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

/** A series over time; with a step below a minute the text has to say both ends, too. */
function checkTimeSeries(parameters: readonly unknown[], maximum: number, offset: number): RawFinding[] {
  const step = intervalText(parameters[2])
  if (step === null) return []
  const milliseconds = intervalMilliseconds(step)
  if (milliseconds === null) return [notConstant("generate_series over time takes a step such as '1 day'", offset)]
  const [from, to] = parameters.map((item) => Date.parse(constantText(item) ?? ''))
  const span = Math.abs((to ?? NaN) - (from ?? NaN))
  if (Number.isNaN(span) ? milliseconds >= 60_000 : span <= milliseconds * maximum) return []
  const message = `generate_series over time takes a step of a minute or more, and makes at most ${maximum} rows`
  return [notConstant(message, offset)]
}

/** Arbitrary precision: a power of a power can have more digits than memory. */
function checkPower(base: unknown, exponent: unknown, offset: number): RawFinding[] {
  const isNested = [base, exponent].some((side) => constantNumber(side) === null && holdsPower(side))
  const value = constantNumber(exponent)
  const result = (constantNumber(base) ?? 1) ** (value ?? 1)
  if (!isNested && Number.isFinite(result) && (value === null || Math.abs(value) <= maximumExponent)) return []
  return [notConstant(`A power takes an exponent of at most ${maximumExponent}, and no power as its operand`, offset)]
}

function holdsPower(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsPower)
  if (!isStruct(value)) return false
  const names = [asNode(value, 'A_Expr')?.['name'], asNode(value, 'FuncCall')?.['funcname']]
  if (names.some((name) => powers.has(stringList(name).at(-1) ?? ''))) return true
  return Object.values(value).some(holdsPower)
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
