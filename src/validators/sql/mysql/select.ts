import { enter, leave, type Environment, type QueryRequest, type QueryText } from './environment.ts'
import { translateExpression } from './expressions.ts'
import { translateFrom } from './from.ts'
import { translateGroups, translateOrder } from './order.ts'
import { translateOutputs } from './outputs.ts'
import type { Scope, Translation, WithQuery, Withs } from './scope.ts'
import {
  expectFields,
  expectType,
  isNode,
  listOf,
  nameOf,
  nodeOf,
  quoteName,
  Refusal,
  unknownForm,
  type Node,
} from './tree.ts'

const selectFields =
  'type distinct columns from where groupby having orderby limit into with ' +
  '_next set_op _orderby _limit parentheses_symbol'

/** A query: one SELECT, or several with set operations between them. */
export function translateQuery(node: Node, request: QueryRequest, translation: Translation): QueryText {
  enter(translation, node)
  try {
    const { withs, text: withText } = translateWith(node['with'], request.withs, translation)
    const members = membersOf(node)
    const { orderby, limit } = endOf(members)
    const isSet = members.length > 1
    const parts = members.map((member, index) =>
      translateSelect(
        {
          ...member,
          with: null,
          ...(index === members.length - 1 && !isBracketed(member, members) ? { orderby, limit } : {}),
        },
        { request: { ...request, withs, ...(index === 0 ? {} : { names: [] }) }, translation, isSet },
      ),
    )
    const [first] = parts
    if (first === undefined) throw unknownForm()
    if (!isSet) return { text: `${withText}${first.text}`, outputs: first.outputs }
    const environment = environmentOf({ sources: [], parent: null }, { withs, translation })
    const order =
      orderby === null ? '' : ` ORDER BY ${translateOrder(orderby, { ...environment, outputs: first.outputs })}`
    // After WITH the parser reads no bracket. No member that stands without one has an end of its own.
    const isBare = withText !== '' && !members.some((member) => isBracketed(member, members))
    const joined = parts
      .map(({ text }, index) => `${operatorOf(members[index - 1])}${isBare ? text : `(${text})`}`)
      .join('')
    return { text: `${withText}${joined}${order}${limitText(limit, request, translation)}`, outputs: first.outputs }
  } finally {
    leave(translation)
  }
}

function membersOf(root: Node): Node[] {
  const members = [root]
  for (let next = root['_next'] ?? null; next !== null; next = members.at(-1)?.['_next'] ?? null)
    members.push(nodeOf(next))
  const operators = members.slice(0, -1).map((member) => String(member['set_op']).toUpperCase())
  const areUnions = operators.every((operator) => /^UNION( ALL| DISTINCT)?$/.test(operator))
  if (!areUnions && operators.length > 1) {
    throw new Refusal('sql/not-allowed', 'EXCEPT and INTERSECT stand alone: put each into a subquery of its own.')
  }
  return members
}

function operatorOf(member: Node | undefined): string {
  if (member === undefined) return ''
  const operator = String(member['set_op']).toUpperCase()
  if (!/^(?:UNION(?: ALL| DISTINCT)?|EXCEPT|INTERSECT)$/.test(operator)) throw unknownForm('set operation')
  return ` ${operator} `
}

/** The parser leaves what stands at the end of a longer chain with its last SELECT; it belongs to all of them. */
function endOf(members: readonly Node[]): { orderby: unknown; limit: unknown } {
  const [root, last] = [nodeOf(members[0]), nodeOf(members.at(-1))]
  const own = isBracketed(last, members) ? {} : last
  const [orders, limits] = [
    [root['_orderby'], own['orderby']].filter(isGiven),
    [root['_limit'], own['limit']].filter(isGiven),
  ]
  const strays = members
    .slice(0, -1)
    .some((member) => !isBracketed(member, members) && (isGiven(member['orderby']) || isGiven(member['limit'])))
  const nested = members
    .slice(1)
    .some((member) => isGiven(member['_orderby']) || isGiven(member['_limit']) || isGiven(member['with']))
  if (orders.length > 1 || limits.length > 1 || strays || nested) {
    throw new Refusal('sql/not-allowed', 'ORDER BY and LIMIT stand once, at the end, or within brackets of their own.')
  }
  return { orderby: orders[0] ?? null, limit: limits[0] ?? null }
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined
}

/** Does the member of a set operation stand in brackets of its own? */
function isBracketed(member: Node, members: readonly Node[]): boolean {
  return members.length > 1 && member['parentheses_symbol'] === true
}

interface SelectGiven {
  readonly request: QueryRequest
  readonly translation: Translation
  /** A member of a set operation: its rows are limited with the others. */
  readonly isSet: boolean
}

function translateSelect(node: Node, { request, translation, isSet }: SelectGiven): QueryText {
  enter(translation, node)
  try {
    checkSelect(node)
    const { counts, options } = translation
    counts.setOperations += isSet ? 1 : 0
    if (counts.setOperations > options.maximum_set_operations + 1) {
      throw new Refusal('sql/too-large', `There are more than ${options.maximum_set_operations} set operations.`)
    }
    const environment = environmentOf({ sources: [], parent: request.scope }, { withs: request.withs, translation })
    const from = (node['from'] ?? null) === null ? '' : ` FROM ${translateFrom(node['from'], environment)}`
    const isDistinct = node['distinct'] === 'DISTINCT'
    const mayMask = request.inner === null && !isSet && !isDistinct
    const outputs = translateOutputs(node['columns'], { environment, mayMask, names: request.names ?? null })
    const named: Environment = { ...environment, outputs }
    const clause = (field: string, word: string, inner: Environment): string =>
      isGiven(node[field]) ? ` ${word} ${translateExpression(node[field], inner)}` : ''
    const where = clause('where', 'WHERE', environment)
    const groups = isGiven(node['groupby']) ? ` GROUP BY ${translateGroups(node['groupby'], named)}` : ''
    const having = clause('having', 'HAVING', named)
    const hasOwnEnd = !isSet || node['parentheses_symbol'] === true
    const order = hasOwnEnd && isGiven(node['orderby']) ? ` ORDER BY ${translateOrder(node['orderby'], named)}` : ''
    const limit = hasOwnEnd
      ? limitText(node['limit'] ?? null, isSet ? { ...request, inner: true } : request, translation)
      : ''
    const list = outputs.map((output) => `${output.text} AS ${quoteName(output.name)}`).join(', ')
    return {
      text: `SELECT ${isDistinct ? 'DISTINCT ' : ''}${list}${from}${where}${groups}${having}${order}${limit}`,
      outputs,
    }
  } finally {
    leave(translation)
  }
}

function checkSelect(node: Node): void {
  if (node['type'] !== 'select') throw new Refusal('sql/not-select', 'Only SELECT is allowed.')
  const into = node['into'] ?? null
  if (into !== null && !(isNode(into) && Object.values(into).every((value) => value === null))) {
    throw new Refusal('sql/not-allowed', 'INTO is not allowed: the result is what SELECT gives.')
  }
  if (isGiven(node['locking_read']))
    throw new Refusal('sql/not-allowed', 'Rows are not locked: leave FOR UPDATE and LOCK out.')
  expectFields(node, selectFields.split(' '))
  if (isGiven(node['distinct']) && node['distinct'] !== 'DISTINCT') throw unknownForm('distinct')
}

function environmentOf(scope: Scope, { withs, translation }: { withs: Withs; translation: Translation }): Environment {
  return {
    translation,
    scope,
    withs,
    outputs: null,
    query: (node, request) => translateQuery(node, request, translation),
  }
}

function translateWith(value: unknown, outer: Withs, translation: Translation): { withs: Withs; text: string } {
  const withs = new Map<string, WithQuery>(outer)
  const parts = listOf(value).map((item) => {
    const node = nodeOf(item)
    if (isGiven(node['recursive'])) throw new Refusal('sql/not-allowed', 'WITH RECURSIVE is not allowed here.')
    expectFields(node, ['name', 'stmt', 'columns'])
    const statement = nodeOf(node['stmt'])
    expectFields(statement, ['ast'])
    const names = isGiven(node['columns'])
      ? listOf(node['columns']).map((column) => columnName(nodeOf(column)))
      : undefined
    const request = {
      scope: null,
      withs: new Map(withs),
      inner: true as const,
      ...(names === undefined ? {} : { names }),
    }
    const query = translateQuery(nodeOf(statement['ast']), request, translation)
    translation.counts.withs += 1
    const canonical = `w${translation.counts.withs}`
    withs.set(nameOf(node['name']).toLowerCase(), { canonical, columns: query.outputs.map((output) => output.name) })
    return `${quoteName(canonical)} AS (${query.text})`
  })
  return { withs, text: parts.length === 0 ? '' : `WITH ${parts.join(', ')} ` }
}

function columnName(node: Node): string {
  expectType(node, 'column_ref', ['column'])
  return nameOf(node['column'])
}

/** Rows of the outermost query are limited to the policy's and one more, so that what is cut is known exactly. */
function limitText(value: unknown, request: QueryRequest, { policy }: Translation): string {
  const maximum = request.inner === null ? policy.rowLimit + 1 : null
  if (!isGiven(value)) return maximum === null ? '' : ` LIMIT ${maximum}`
  const node = nodeOf(value)
  expectFields(node, ['seperator', 'value'])
  if (!['', ',', 'offset'].includes(String(node['seperator']))) throw unknownForm('limit')
  const numbers = listOf(node['value']).map(wholeNumber)
  const [first, second] = node['seperator'] === ',' ? [numbers[1], numbers[0]] : numbers
  if (numbers.length === 0) return maximum === null ? '' : ` LIMIT ${maximum}`
  if (first === undefined || numbers.length > 2) throw unknownForm('limit')
  const rows = maximum === null ? first : Math.min(first, maximum)
  return ` LIMIT ${rows}${second === undefined ? '' : ` OFFSET ${second}`}`
}

function wholeNumber(value: unknown): number {
  const node = nodeOf(value)
  expectFields(node, ['type', 'value'])
  const number = node['value']
  if (node['type'] === 'number' && typeof number === 'number' && Number.isSafeInteger(number) && number >= 0)
    return number
  throw new Refusal('sql/not-allowed', 'LIMIT and OFFSET take whole numbers.')
}
