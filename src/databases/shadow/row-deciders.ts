import { isTextNode, listOf, readNodeText, type TextNode, type TextValue } from './node-text.ts'
import { isPlainUnion, itemsAt, kindOf } from './query-entries.ts'

/**
 * Columns by which a query decides what rows it has, in which order and how often: in conditions, joins, groups, sorting,
 * DISTINCT, limits, windows, set operations and functions in FROM, within subqueries too. Plain outputs, and what is computed in an
 * output, are not among them. As relation OID → attribute numbers, 0 for the whole row.
 */
export function readRowDeciders(tree: string): ReadonlyMap<number, ReadonlySet<number>> {
  const found = new Map<number, Set<number>>()
  new Reader(found).query(readNodeText(tree), [])
  return found
}

type Levels = readonly TextNode[]

class Reader {
  readonly #found: Map<number, Set<number>>
  readonly #seen = new Map<TextNode, Set<string>>()

  constructor(found: Map<number, Set<number>>) {
    this.#found = found
  }

  query(query: TextNode, outer: Levels): void {
    const levels = [query, ...outer]
    const { jointree, havingQual, limitOffset, limitCount, windowClause, setOperations, cteList, rtable } = query.fields
    for (const value of [jointree, havingQual, limitOffset, limitCount, windowClause]) this.#expression(value, levels)
    for (const { fields } of listOf(cteList).filter(isTextNode)) {
      if (isTextNode(fields['ctequery'])) this.query(fields['ctequery'], levels)
    }
    const isDistinct = !isPlainUnion(setOperations)
    for (const entry of listOf(rtable).filter(isTextNode)) {
      const { subquery, functions, values_lists: values, tablesample, groupexprs, tablefunc } = entry.fields
      for (const value of [functions, values, tablesample, groupexprs, tablefunc]) this.#expression(value, levels)
      if (!isTextNode(subquery)) continue
      this.query(subquery, levels)
      if (isDistinct) this.#outputs(subquery, levels, () => true)
    }
    this.#outputs(query, outer, ({ fields }) => fields['ressortgroupref'] !== '0' || fields['resjunk'] === 'true')
  }

  /** Counts the outputs of a query that are chosen. */
  #outputs(query: TextNode, outer: Levels, isChosen: (target: TextNode) => boolean): void {
    for (const target of listOf(query.fields['targetList']).filter(isTextNode)) {
      if (isChosen(target)) this.#expression(target.fields['expr'], [query, ...outer])
    }
  }

  #expression(value: TextValue | undefined, levels: Levels): void {
    if (value === undefined || typeof value === 'string') return
    if (!isTextNode(value)) for (const item of value) this.#expression(item, levels)
    else if (value.type === 'VAR') this.#variable(value, levels)
    else if (value.type === 'QUERY') {
      this.query(value, levels)
      this.#outputs(value, levels, () => true)
    } else for (const item of Object.values(value.fields)) this.#expression(item, levels)
  }

  #variable({ fields }: TextNode, levels: Levels): void {
    const own = levels.slice(Number(fields['varlevelsup']))
    const [query] = own
    const entry = listOf(query?.fields['rtable'])[Number(fields['varno']) - 1]
    const number = Number(fields['varattno'])
    if (query === undefined || !isTextNode(entry)) throw new Error('a variable of the tree means nothing')
    if (this.#isSeen(entry, String(number))) return
    switch (kindOf(entry)) {
      case 'relation': {
        const oid = Number(entry.fields['relid'])
        this.#found.set(oid, (this.#found.get(oid) ?? new Set()).add(number))
        return
      }
      case 'subquery':
        return this.#column(entry.fields['subquery'], number, own)
      case 'with': {
        const around = own.slice(Number(entry.fields['ctelevelsup']))
        const named = listOf(around[0]?.fields['cteList']).filter(isTextNode)
        const query = named.find((item) => item.fields['ctename'] === entry.fields['ctename'])
        return this.#column(query?.fields['ctequery'], number, around)
      }
      case 'join':
        return this.#expression(itemsAt(entry.fields['joinaliasvars'], number), own)
      case 'group':
        return this.#expression(itemsAt(entry.fields['groupexprs'], number), own)
      default:
    }
  }

  /** An output of a query inside, by its number; all of them for 0. */
  #column(query: TextValue | undefined, number: number, outer: Levels): void {
    if (!isTextNode(query)) throw new Error('a query of the tree is missing')
    this.#outputs(query, outer, ({ fields }) => number === 0 || Number(fields['resno']) === number)
  }

  #isSeen(entry: TextNode, number: string): boolean {
    const seen = this.#seen.get(entry) ?? new Set()
    this.#seen.set(entry, seen)
    if (seen.has(number)) return true
    seen.add(number)
    return false
  }
}
