import { translateExpression } from './expressions.ts'
import type { Environment } from './environment.ts'
import { allow, columnNotAllowed, columnOf, nextAlias, sourceOfTable, type Resolved, type Source } from './scope.ts'
import {
  expectFields,
  isNode,
  listOf,
  nameOf,
  nodeOf,
  placeOf,
  quoteName,
  Refusal,
  unknownForm,
  type Node,
} from './tree.ts'

/** What a FROM clause becomes: its text is made once every table of it is known. */
type Piece = () => string

const joins: ReadonlySet<string> = new Set(['INNER JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'CROSS JOIN'])
const itemFields = ['join', 'on', 'using', 'as', 'parentheses']

/** Fills the scope with the tables of FROM and gives its text. */
export function translateFrom(value: unknown, environment: Environment): string {
  return readFrom(value, environment)()
}

function readFrom(value: unknown, environment: Environment): Piece {
  if (isNode(value)) return readBrackets(value, environment)
  let first = environment.scope.sources.length
  const pieces = listOf(value).map((value, index) => {
    const item = nodeOf(value)
    // A comma ends what is joined before it.
    if ((item['join'] ?? null) === null) first = environment.scope.sources.length
    return readItem(item, { index, first }, environment)
  })
  if (pieces.length === 0) throw unknownForm('from')
  return () => pieces.map((piece) => piece()).join('')
}

/** `(a JOIN b ON …)` */
function readBrackets(node: Node, environment: Environment): Piece {
  expectFields(node, ['expr', 'parentheses', 'joins', ...itemFields])
  if (isNode(node['parentheses'])) expectFields(node['parentheses'], ['length'])
  if (listOf(node['joins']).length > 0 || (node['as'] ?? null) !== null) throw unknownForm('from')
  const inner = readFrom(node['expr'], environment)
  return () => `(${inner()})`
}

interface Position {
  readonly index: number
  /** Number of the first table of the join that the item belongs to. */
  readonly first: number
}

function readItem(item: Node, { index, first }: Position, environment: Environment): Piece {
  if (item['type'] === 'dual') {
    expectFields(item, ['type'])
    return () => 'DUAL'
  }
  const { scope, translation } = environment
  translation.at = placeOf(item) ?? translation.at
  const known = scope.sources.length
  const join = item['join'] ?? null
  if (join !== null && (index === 0 || typeof join !== 'string' || !joins.has(join))) throw joinRefused(join)
  const table = readTable(item, environment)
  if (join === null) {
    if ((item['on'] ?? item['using'] ?? null) !== null) throw unknownForm('join')
    return () => `${index === 0 ? '' : ', '}${table()}`
  }
  const [before, added] = [scope.sources.slice(first, known), scope.sources.slice(known)]
  const merged = mergeColumns(item, { before, added, join, first }, environment)
  return () => {
    const on = (item['on'] ?? null) === null ? merged : ` ON ${translateExpression(item['on'], environment)}`
    if (on !== '' && join === 'CROSS JOIN') throw joinRefused('CROSS JOIN with ON')
    if (on === '' && (join === 'LEFT JOIN' || join === 'RIGHT JOIN')) throw joinRefused(`${join} without ON`)
    return ` ${join} ${table()}${on}`
  }
}

function joinRefused(join: unknown): Refusal {
  if (typeof join === 'string' && /^(UNION|EXCEPT|INTERSECT)/i.test(join)) {
    return new Refusal('sql/not-allowed', `After ${join.toUpperCase()} stands a SELECT without brackets.`)
  }
  const shown = typeof join === 'string' && /^[\w ]{1,40}$/.test(join) ? join : 'This join'
  return new Refusal(
    'sql/not-allowed',
    `${shown} is not allowed: write INNER, LEFT or RIGHT JOIN with ON, or CROSS JOIN.`,
  )
}

/** USING, written as the equalities it means. */
function mergeColumns(
  item: Node,
  { before, added, join, first }: { before: readonly Source[]; added: readonly Source[]; join: string; first: number },
  { translation }: Environment,
): string {
  if ((item['using'] ?? null) === null) return ''
  const [right, ...more] = added
  if ((item['on'] ?? null) !== null || join === 'RIGHT JOIN' || right === undefined || more.length > 0) {
    throw new Refusal('sql/not-allowed', 'USING is not allowed here: write ON with both columns.')
  }
  const conditions = listOf(item['using']).map((value) => {
    const name = nameOf(value).toLowerCase()
    const [left, ...others] = before.flatMap((source) => (source.merged.has(name) ? [] : columnsNamed(source, name)))
    const own = columnsNamed(right, name)[0]
    if (others.length > 0)
      throw new Refusal('sql/ambiguous-name', `"${name}" is in more than one table before USING: write ON.`)
    if (left === undefined || own === undefined) {
      columnNotAllowed(translation, name)
      return 'NULL'
    }
    for (const column of [left, own]) {
      if (column.full !== null) translation.columns.add(column.full)
      if (column.rule.kind !== 'allow')
        translation.report('sql/column-masked', `"${column.name}" is masked: tables are not joined by it.`)
    }
    right.merged.set(name, first)
    return `(${left.text} = ${own.text})`
  })
  if (conditions.length === 0) throw unknownForm('using')
  return conditions.length === 1 ? ` ON ${conditions.join('')}` : ` ON (${conditions.join(' AND ')})`
}

function columnsNamed(source: Source, name: string): Resolved[] {
  return source.columns.filter((column) => column.name.toLowerCase() === name).map((column) => columnOf(source, column))
}

function readTable(item: Node, environment: Environment): Piece {
  const inner = item['expr'] ?? null
  if (inner === null) return readNamed(item, environment)
  if (Array.isArray(inner)) return readBrackets(item, environment)
  expectFields(item, ['expr', ...itemFields])
  const subquery = nodeOf(inner)
  if (!('ast' in subquery)) throw unknownForm('from')
  expectFields(subquery, ['ast', 'parentheses'])
  // The subquery sees neither the tables beside it nor those outside: LATERAL is refused, so that no name can be
  // mistaken.
  const { withs } = environment
  const query = environment.query(nodeOf(subquery['ast']), { scope: null, withs, inner: true })
  if ((item['as'] ?? null) === null) throw new Refusal('sql/not-allowed', 'A subquery in FROM takes an alias.')
  const alias = nextAlias(environment.translation)
  addSource(
    environment,
    madeSource(
      alias,
      nameOf(item['as']),
      query.outputs.map((output) => output.name),
    ),
  )
  return () => `(${query.text}) AS ${quoteName(alias)}`
}

function readNamed(item: Node, environment: Environment): Piece {
  expectFields(item, ['db', 'table', ...itemFields])
  const { translation, withs } = environment
  const name = nameOf(item['table'])
  const schema = (item['db'] ?? null) === null ? null : nameOf(item['db'])
  const reference = (item['as'] ?? null) === null ? name : nameOf(item['as'])
  const made = schema === null ? withs.get(name.toLowerCase()) : undefined
  if (made !== undefined) {
    const alias = nextAlias(translation)
    addSource(environment, madeSource(alias, reference, made.columns))
    return () => `${quoteName(made.canonical)} AS ${quoteName(alias)}`
  }
  const found = sourceOfTable(translation, { schema, name, reference: reference.toLowerCase() })
  if (found === null) throw new Refusal('', '')
  const { source, relation } = found
  addSource(environment, reference === name ? source : { ...source, schema: null })
  return () => `${quoteName(relation.schema)}.${quoteName(relation.name)} AS ${quoteName(source.alias)}`
}

function madeSource(alias: string, reference: string, columns: readonly string[]): Source {
  return {
    alias,
    reference: reference.toLowerCase(),
    schema: null,
    columns: columns.map((name) => ({ name, rule: allow, full: null })),
    merged: new Map(),
  }
}

function addSource({ scope }: Environment, source: Source): void {
  if (scope.sources.some((other) => other.reference === source.reference)) {
    throw new Refusal('sql/ambiguous-name', `Two tables in FROM are called "${source.reference}": give one an alias.`)
  }
  scope.sources.push(source)
}
