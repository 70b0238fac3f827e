import { reportMasked, type Environment, type Output } from './environment.ts'
import { hasCollation, outputNamed, translateExpression } from './expressions.ts'
import { findColumn } from './scope.ts'
import { expectFields, isNode, listOf, nodeOf, Refusal, unknownForm, wordOf, type Node } from './tree.ts'

/** The items of ORDER BY, in a query, an aggregate or a window. */
export function translateOrder(value: unknown, environment: Environment): string {
  return listOf(value)
    .map((item) => {
      const node = nodeOf(item)
      expectFields(node, ['expr', 'type'])
      const direction = node['type'] ?? 'ASC'
      if (direction !== 'ASC' && direction !== 'DESC') throw unknownForm('order by')
      const position = environment.outputs === null ? null : outputPosition(node['expr'], environment, 'alias')
      return `${position ?? translateExpression(node['expr'], environment)} ${direction}`
    })
    .join(', ')
}

export function translateGroups(value: unknown, environment: Environment): string {
  const node = nodeOf(value)
  expectFields(node, ['columns', 'modifiers'])
  const modifiers = listOf(node['modifiers']).filter((modifier) => modifier !== null)
  const isRollup = modifiers.length === 1 && wordOf(modifiers[0]) === 'WITH ROLLUP'
  if (modifiers.length > 0 && !isRollup) throw unknownForm('group by')
  const items = listOf(node['columns']).map(
    (item) => outputPosition(item, environment, 'column') ?? translateExpression(item, environment),
  )
  if (items.length === 0) throw unknownForm('group by')
  return `${items.join(', ')}${isRollup ? ' WITH ROLLUP' : ''}`
}

/**
 * The number of the output that an item means, as SQL: its position, or its alias alone. Where a column has the same name
 * MySQL takes the alias in ORDER BY and the column in GROUP BY; null means that the item is an expression.
 */
export function outputPosition(value: unknown, environment: Environment, first: 'alias' | 'column'): string | null {
  const node = nodeOf(value)
  const { outputs, scope, translation } = environment
  if (outputs === null) return null
  if (node['type'] === 'number') return checkPosition(node, { outputs, environment })
  if (node['type'] !== 'column_ref' || isNode(node['table']) || typeof node['table'] === 'string') return null
  // Then it is not the output as it is.
  if (hasCollation(node)) return null
  expectFields(node, ['type', 'column', 'parentheses'])
  const name = String(node['column'])
  const output = outputNamed(outputs, name)
  if (output === null) return null
  if (first === 'column' && findColumn({ ...scope, parent: null }, { schema: null, table: null, column: name }))
    return null
  if (output.isMasked) reportMasked(translation, output.name)
  return String(outputs.indexOf(output) + 1)
}

function checkPosition(
  node: Node,
  { outputs, environment }: { outputs: readonly Output[]; environment: Environment },
): string {
  expectFields(node, ['type', 'value', 'parentheses'])
  const position = Number(node['value'])
  const output = Number.isInteger(position) ? outputs[position - 1] : undefined
  if (output === undefined)
    throw new Refusal('sql/not-allowed', 'A number in ORDER BY or GROUP BY is the place of an output column.')
  if (output.isMasked) reportMasked(environment.translation, output.name)
  return String(position)
}
