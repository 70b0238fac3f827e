import type { Catalog } from '../../core/catalog.ts'
import type { TrustedWords } from '../trusted-words.ts'
import { isSmall, stemOf, wordsOf } from '../words.ts'

/** The tables of a database by what people call them. All of it is its operator's: names, columns and comments, no rows. */
export interface KnownTables {
  /**
   * Do these words name the table (`public.orders`), or something that stands in it alone? What several tables could be is the one
   * whose whole name it is, and of several schemas that of `public`.
   */
  isNamed(table: string, words: TrustedWords): boolean
  /** The tables that it refers to, and that refer to it, by a foreign key or by a column that is called as such keys are. */
  neighboursOf(table: string): ReadonlySet<string>
}

interface NamedTable {
  /** As it is written where it stands for nothing else. */
  readonly names: readonly string[]
  /** Ways to call it, each as words that all have to be there. */
  readonly calledBy: readonly (readonly string[])[]
}

/** Ahead of a name, and no part of what people call it. */
const prefixes = new Set('dim fact tbl t v vw view stg staging raw mart src tmp app public'.split(' '))
/** A word that says nothing without those beside it. */
const general = stemsOf(
  'data info detail history log item line row stat statistic summary record list type status value entry table event map link set note file ' +
    'overview report view all full total daily weekly monthly yearly current latest active new old backup archive copy test temp',
)
/** Columns of any table, by the last word of their names. */
const anywhere = stemsOf(
  'id key name date time at on by type status state value amount count number total code flag created updated deleted description title comment note order group text data year month day start end user url active version index level source kind label',
)
/** Behind the name of a table, these make a column that refers to it. */
const referring = new Set(['id', 'key', 'code', 'no', 'number'])
const nobody: ReadonlySet<string> = new Set()
/** So many words a comment may have to be another name of its table. */
const longestLabel = 4

/** Takes a catalog with everything in it: what a group may not see makes fewer columns telling, and nothing visible. */
export function readKnownTables({ relations, references = [] }: Catalog): KnownTables {
  const tables = new Map<string, NamedTable>()
  const holders = new Map<string, number>()
  for (const { columns } of relations) {
    for (const key of new Set(columns.map(({ name }) => keyOf(wordsOfName(name))))) {
      holders.set(key, (holders.get(key) ?? 0) + 1)
    }
  }
  /** In the names of how many tables a word stands. */
  const inNames = new Map<string, number>()
  for (const { name } of relations)
    for (const stem of new Set(wordsOfName(name).map(stemOf))) inNames.set(stem, (inNames.get(stem) ?? 0) + 1)
  const called = new Set(relations.map(({ name }) => keyOf(wordsOfName(name))))
  const ofPublic = new Set(
    relations.flatMap(({ schema, name }) => (schema === 'public' ? [keyOf(wordsOfName(name))] : [])),
  )
  for (const { schema, name, columns, comment } of relations) {
    const words = wordsOfName(name)
    const last = words.at(-1)
    // Whoever says "reviews" means the table of that name, and not `staff_reviews` or `hr.reviews`.
    const isAnothers = last !== undefined && words.length > 1 && called.has(keyOf([last]))
    const isBehind = schema !== 'public' && ofPublic.has(keyOf(words))
    const telling = columns
      .map((column) => wordsOfName(column.name))
      .filter((column) => holders.get(keyOf(column)) === 1 && !anywhere.has(stemOf(column.at(-1) ?? '')))
    const alone = words.filter((word) => inNames.get(stemOf(word)) === 1 && !general.has(stemOf(word)))
    const ends = last === undefined || general.has(stemOf(last)) || isAnothers ? [] : [last]
    const whole = isBehind ? [...wordsOf(schema), ...words] : words
    const ways = isBehind
      ? [whole, ...telling]
      : [whole, ends, labelOf(comment), ...alone.map((word) => [word]), ...telling]
    tables.set(`${schema}.${name}`, {
      names: isBehind ? [`${schema}.${name}`] : [name, words.join(' ')],
      calledBy: ways.filter((way) => !way.every(isSmall)),
    })
  }
  const neighbours = new Map<string, Set<string>>()
  const link = (one: string, other: string): void => {
    neighbours.set(one, (neighbours.get(one) ?? new Set()).add(other))
  }
  for (const [from, to] of [...references, ...linksByName(relations)]) {
    link(from, to)
    link(to, from)
  }
  return {
    isNamed: (table, words) => {
      const known = tables.get(table)
      if (known === undefined) return false
      return (
        known.names.some((name) => words.says(name) || words.quotes(name)) ||
        known.calledBy.some((way) => words.missing(way).length === 0)
      )
    },
    neighboursOf: (table) => neighbours.get(table) ?? nobody,
  }
}

/** `customer_id` refers to `customers`, where there is one such table. */
function* linksByName(relations: Catalog['relations']): Generator<readonly [from: string, to: string]> {
  const byKey = new Map<string, string[]>()
  for (const { schema, name } of relations) {
    const key = keyOf(wordsOfName(name))
    byKey.set(key, [...(byKey.get(key) ?? []), `${schema}.${name}`])
  }
  for (const { schema, name, columns } of relations) {
    for (const column of columns) {
      const words = wordsOfName(column.name)
      if (words.length < 2 || !referring.has(words.at(-1) ?? '')) continue
      const [table, ...others] = byKey.get(keyOf(words.slice(0, -1))) ?? []
      if (table !== undefined && others.length === 0 && table !== `${schema}.${name}`) {
        yield [`${schema}.${name}`, table]
      }
    }
  }
}

/** The words in a name of a database: `orderLines` and `order_lines` are "order lines". */
function wordsOfName(name: string): readonly string[] {
  const words = wordsOf(name.replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, ' '))
  return words.filter((word, at) => at > 0 || words.length === 1 || !prefixes.has(word))
}

function keyOf(words: readonly string[]): string {
  return words.map(stemOf).join(' ')
}

/** A comment of a few words is another name. */
function labelOf(comment: string | null): readonly string[] {
  if (comment === null || comment.length > 60) return []
  const words = wordsOf(comment).filter((word) => !isSmall(word))
  return words.length > longestLabel ? [] : words
}

function stemsOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' ').map(stemOf))
}
