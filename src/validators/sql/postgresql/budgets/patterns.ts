import type { RawFinding } from '../../location.ts'
import { asList, asNode, isStruct, stringList, textField, unwrap } from '../../syntax-tree.ts'
import type { Visit } from '../grammar/walk.ts'

const maximumCharacters = 500
const maximumStates = 2_000

/** Which argument of a function is a regular expression, or a JSON path, which may hold one. */
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
  substring: 1,
  // What SIMILAR TO, too, makes of its pattern.
  similar_escape: 0,
  similar_to_escape: 0,
}

/** The functions behind the operators `~`, `!~`, `~*` and `!~*`. */
const operatorFunctions = /regex(?:eq|ne)$/
const patternOperators = /^!?~\*?$/
const usesPaths = /^(?:@\?|@@|jsonb_path_\w+)$/

/**
 * The size of a regular expression's automaton grows with the product of nested counts. Wherever a pattern comes from, it
 * is put together from the texts of the statement or from data: in a statement that matches patterns, each text is held
 * to the product, and what stands in the place of a pattern as a whole to length and back-references besides.
 */
export function checkPatterns(visits: readonly Visit[]): RawFinding[] {
  if (!visits.some(mayMatch)) return []
  const patterns = visits.flatMap((visit) => patternsOf(visit).map((text) => ({ text, offset: visit.offset })))
  const texts = visits.flatMap(({ type, struct, offset }) => {
    const text = type === 'A_Const' && isStruct(struct['sval']) ? textField(struct['sval'], 'sval') : null
    return text !== null && statesOf(text) > maximumStates ? [tooExpensive(offset)] : []
  })
  const wholes = patterns.flatMap(({ text, offset }) => {
    const isCheap = text.length <= maximumCharacters && statesOf(text) <= maximumStates && !/\\[1-9]/.test(text)
    return isCheap ? [] : [tooExpensive(offset)]
  })
  return wholes.length > 0 ? wholes : texts
}

function mayMatch({ type, struct }: Visit): boolean {
  const name = nameOf(type, struct)
  return isPatternOperator(type, name) || isPatternFunction(type, name) || usesPaths.test(name)
}

function nameOf(type: string, struct: Visit['struct']): string {
  if (type !== 'A_Expr' && type !== 'FuncCall') return ''
  return stringList(struct[type === 'A_Expr' ? 'name' : 'funcname']).at(-1) ?? ''
}

function isPatternOperator(type: string, name: string): boolean {
  return type === 'A_Expr' && patternOperators.test(name)
}

function isPatternFunction(type: string, name: string): boolean {
  return type === 'FuncCall' && (Object.hasOwn(patternPosition, name) || operatorFunctions.test(name))
}

/** The texts of what stands in the place of a pattern, each put together from the literals in it. */
function patternsOf({ type, struct }: Visit): string[] {
  const name = nameOf(type, struct)
  // The pattern of SIMILAR TO is the argument of a call.
  if (isPatternOperator(type, name)) return struct['kind'] === 'AEXPR_SIMILAR' ? [] : textsOf(struct['rexpr'])
  if (!isPatternFunction(type, name)) return []
  const given = asList(struct['args'])
  const byName = given.find((item) => asNode(item, 'NamedArgExpr')?.['name'] === 'pattern')
  return textsOf(byName ?? given[patternPosition[name] ?? 1])
}

/**
 * The literals of an expression: a text for each element of an array, else one text of all together. A subquery adds
 * none.
 */
function textsOf(expression: unknown): string[] {
  const array = asNode(expression, 'A_ArrayExpr')
  if (array !== null) return asList(array['elements']).flatMap(textsOf)
  const text = literalsIn(expression)
  return text === '' ? [] : [text]
}

function literalsIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(literalsIn).join('')
  if (!isStruct(value)) return ''
  const node = unwrap(value)
  if (node?.type === 'SubLink' || node?.type === 'TypeName') return ''
  const text = node?.type === 'A_Const' ? node.struct['sval'] : null
  if (isStruct(text)) return textField(text, 'sval') ?? ''
  return Object.values(value).map(literalsIn).join('')
}

function statesOf(text: string): number {
  const counts = [...text.matchAll(/\{(\d+)(?:,(\d*))?\}/g)]
  return counts.reduce((product, [, least, most]) => product * Math.max(Number(least), Number(most ?? 0), 1), 1)
}

function tooExpensive(offset: number): RawFinding {
  const message = `This regular expression is too expensive: at most ${maximumCharacters} characters, no back-references, and counts like {3} whose product stays below ${maximumStates}.`
  return { rule: 'sql/pattern-too-expensive', offset, message }
}
