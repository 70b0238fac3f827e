import type { RawFinding } from '../../location.ts'
import { asList, asNode, isStruct, stringList } from '../../syntax-tree.ts'
import type { Visit } from '../grammar/walk.ts'
import type { SqlPolicy } from '../../policy.ts'
import { closest } from '../../../../text/closest.ts'
import { foreignFunctions } from './foreign-functions.ts'
import { reviewedNames } from './function-families.ts'
import { builtInFunctions, implicitSignatures } from './function-list.ts'

/** Functions a statement may call: the reviewed built-in list of the major version, and the policy's own. */
export interface FunctionPolicy {
  /** Is `schema.name(argument types)`, as the analyzer resolved it, allowed? */
  allowsSignature(signature: string): boolean
  /** Is any function of this name allowed? Schema null means the name stood alone. */
  allowsName(schema: string | null, name: string): boolean
  /**
   * Schema of a function called without one; null where more than one schema has the name, so that the types of its
   * arguments decide.
   */
  schemaOf(name: string): string | null
  /** Names to suggest. */
  readonly names: readonly string[]
}

export function createFunctionPolicy(
  major: number,
  { functions: additions, overloadedFunctions }: Pick<SqlPolicy, 'functions' | 'overloadedFunctions'>,
): FunctionPolicy {
  const overloaded = new Set(overloadedFunctions)
  const builtIn = builtInFunctions(major)
  const added = additions.map((signature) => {
    const [path = ''] = signature.split('(')
    const [schema = '', name = ''] = path.split('.')
    return { signature: signatureOf(signature), schema, name }
  })
  const signatures = new Set(added.map((item) => item.signature))
  return {
    allowsSignature(signature) {
      if (signatures.has(signature) || implicitSignatures.has(signature)) return true
      const [, name = '', types = ''] = /^pg_catalog\.(.+?)\((.*)\)$/.exec(signature) ?? []
      const overloads = builtIn.get(name)
      if (overloads === undefined) return false
      return overloads.has(types) || overloads.has(grownParameters.get(`${name}(${types})`) ?? types)
    },
    allowsName(schema, name) {
      if ((schema === null || schema === 'pg_catalog') && builtIn.has(name)) return true
      return added.some((item) => item.name === name && (schema === null || item.schema === schema))
    },
    schemaOf(name) {
      if (overloaded.has(name)) return null
      return builtIn.has(name) ? 'pg_catalog' : (added.find((item) => item.name === name)?.schema ?? 'pg_catalog')
    },
    names: [...reviewedNames.filter((name) => builtIn.has(name)), ...added.map((item) => item.name)],
  }
}

/**
 * Functions to which a later version added a parameter with a default, and their types before: an analyzer of that
 * version resolves a call without it to the longer one.
 */
const grownParameters: ReadonlyMap<string, string> = new Map([
  ['json_strip_nulls(json, boolean)', 'json'],
  ['jsonb_strip_nulls(jsonb, boolean)', 'jsonb'],
])

/** A signature as the analyzer writes it: one space after each comma. */
export function signatureOf(written: string): string {
  return written.replaceAll(/,\s*/g, ', ')
}

/** Values of the session a statement may read: the clock, and nothing about users, databases or schemas. */
const allowedSessionValues = new Set([
  'SVFOP_CURRENT_DATE',
  'SVFOP_CURRENT_TIME',
  'SVFOP_CURRENT_TIME_N',
  'SVFOP_CURRENT_TIMESTAMP',
  'SVFOP_CURRENT_TIMESTAMP_N',
  'SVFOP_LOCALTIME',
  'SVFOP_LOCALTIME_N',
  'SVFOP_LOCALTIMESTAMP',
  'SVFOP_LOCALTIMESTAMP_N',
])

/**
 * Functions by name, before anything is resolved: a forbidden function and one that does not exist read the same.
 * Fails closed: a name on neither list is a finding. The signatures are checked again after resolution.
 */
export function checkFunctionNames(visits: readonly Visit[], functions: FunctionPolicy): RawFinding[] {
  return visits.flatMap((visit) => {
    switch (visit.type) {
      case 'FuncCall':
        return checkCall(visit, functions)
      case 'SQLValueFunction':
        return allowedSessionValues.has(String(visit.struct['op'])) ? [] : [sessionValue(visit)]
      case 'RangeTableSample':
        return checkSample(visit)
      case 'A_Expr':
      case 'SubLink':
        return checkOperator(visit)
      default:
        return []
    }
  })
}

function checkCall(visit: Visit, functions: FunctionPolicy): RawFinding[] {
  const path = stringList(visit.struct['funcname'])
  const name = path.at(-1) ?? ''
  const schema = path.length > 1 ? path.slice(0, -1).join('.') : null
  if (functions.allowsName(schema, name)) return takesRelationName(name) ? checkRelationArgument(visit, name) : []
  if (schema !== null && functions.allowsName(null, name)) {
    const message = `What stands before a function is its schema, and "${schema}" has no function you may use. Write ${name}(${schema}).`
    return [{ rule: 'sql/function-not-allowed', offset: visit.offset, message }]
  }
  return [functionNotAllowed(path.join('.'), visit.offset, functions)]
}

export function functionNotAllowed(name: string, offset: number, functions: FunctionPolicy): RawFinding {
  const foreign = Object.hasOwn(foreignFunctions, name) ? foreignFunctions[name] : undefined
  const similar = closest(name, functions.names)
  const guess = similar === null || similar === name ? '' : ` Did you mean "${similar}"?`
  const hint = foreign === undefined ? guess : ` In PostgreSQL write ${foreign}.`
  const message = `The function "${name}" is not one you may use.${hint} Aggregates, and functions on numbers, text, dates, arrays and JSON are allowed.`
  return { rule: 'sql/function-not-allowed', offset, message }
}

function sessionValue(visit: Visit): RawFinding {
  const name = String(visit.struct['op']).replace('SVFOP_', '')
  const message = `${name} tells about the server and is not allowed. CURRENT_DATE and CURRENT_TIMESTAMP are.`
  return { rule: 'sql/function-not-allowed', offset: visit.offset, message }
}

function checkSample(visit: Visit): RawFinding[] {
  const method = stringList(visit.struct['method']).join('.')
  if (method === 'system' || method === 'bernoulli') return []
  const message = `The sampling method "${method}" is not allowed. Use SYSTEM or BERNOULLI.`
  return [{ rule: 'sql/function-not-allowed', offset: visit.offset, message }]
}

/** An operator of another schema is a function by another name. */
function checkOperator(visit: Visit): RawFinding[] {
  const path = stringList(visit.struct[visit.type === 'A_Expr' ? 'name' : 'operName'])
  if (path.length <= 1 || path[0] === 'pg_catalog') return []
  const message = `The operator "${path.join('.')}" is not one you may use. Use the built-in operators.`
  return [{ rule: 'sql/function-not-allowed', offset: visit.offset, message }]
}

const relationSizes = new Set(['pg_relation_size', 'pg_table_size', 'pg_indexes_size', 'pg_total_relation_size'])

/** Functions that take the name of a table as text. */
export function takesRelationName(name: string): boolean {
  return relationSizes.has(name)
}

/** The relation's name must be a literal, so that the analyzer's dependency on it is seen. */
function checkRelationArgument(visit: Visit, name: string): RawFinding[] {
  const constants = asList(visit.struct['args']).map((item) => asNode(item, 'A_Const'))
  if (constants.length === 1 && isStruct(constants[0]?.['sval'])) return []
  const message = `${name} takes the name of a table as a literal: ${name}('table').`
  return [{ rule: 'sql/function-not-allowed', offset: visit.offset, message }]
}
