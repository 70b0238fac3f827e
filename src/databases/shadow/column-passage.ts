import { isTextNode, listOf, readNodeText, type TextNode, type TextValue } from './node-text.ts'
import { isPlainUnion, itemsAt, kindOf } from './query-entries.ts'

/** Relation OID → attribute numbers, 0 for the whole row. */
export type AttributeNumbers = ReadonlyMap<number, ReadonlySet<number>>

interface Source {
  readonly relation: number
  readonly attribute: number
}

/** Columns whose values an output may have, unchanged, or null; `null` for an output that has any other values. */
type Passed = readonly Source[] | null

/** Where the values of columns go in a query. */
export interface ColumnPassage {
  /** By output of the query. */
  readonly outputs: readonly Passed[]
  /** Columns that go anywhere but from one query's output to another's. */
  readonly used: AttributeNumbers
  /** Every column that is met. */
  readonly met: AttributeNumbers
}

/**
 * Follows values of columns through the analyzed tree. A value is passed on as it is by a column alone in a list of
 * outputs, a subquery in FROM or for a value, a WITH query, UNION ALL, and the branches of CASE. Everything else uses it:
 * whatever is not one of these is searched for columns, and each of them counts. A recursive WITH passes nothing on.
 */
export function readColumnPassage(tree: string): ColumnPassage {
  const reader = new Reader()
  return { outputs: reader.query(readNodeText(tree), []), used: reader.used, met: reader.met }
}

type Levels = readonly TextNode[]

/** Parts of a query and of an entry of its FROM that are looked at one by one. */
const handledInQuery = new Set(['cteList', 'rtable', 'targetList', 'setOperations'])
const handledInEntry = new Set(['subquery', 'joinaliasvars', 'alias', 'eref'])
/** A subquery that stands for one value (SubLinkType, nodes/primnodes.h). */
const valueSubquery = '4'

class Reader {
  readonly used = new Map<number, Set<number>>()
  readonly met = new Map<number, Set<number>>()
  readonly #outputs = new Map<TextNode, readonly Passed[]>()

  query(query: TextNode, outer: Levels): readonly Passed[] {
    const known = this.#outputs.get(query)
    if (known !== undefined) return known
    const levels = [query, ...outer]
    for (const definition of listOf(query.fields['cteList']).filter(isTextNode)) this.#definition(definition, levels)
    for (const { fields } of listOf(query.fields['rtable']).filter(isTextNode)) {
      this.#use(without(fields, handledInEntry), levels)
      if (isTextNode(fields['subquery'])) this.query(fields['subquery'], levels)
    }
    this.#use(without(query.fields, handledInQuery), levels)
    const outputs = this.#outputsOf(query, levels)
    this.#outputs.set(query, outputs)
    return outputs
  }

  #definition({ fields }: TextNode, levels: Levels): void {
    const { ctequery, ...rest } = fields
    this.#use(Object.values(rest), levels)
    if (!isTextNode(ctequery)) throw new Error('a query of the tree is missing')
    const outputs = this.query(ctequery, levels)
    if (fields['cterecursive'] === 'true') outputs.forEach((passed) => this.#useAll(passed))
  }

  #outputsOf(query: TextNode, levels: Levels): readonly Passed[] {
    const { targetList, setOperations, rtable } = query.fields
    const sides = sidesOf(setOperations).map((number) => {
      const entry = listOf(rtable)[number - 1]
      const side = isTextNode(entry) ? entry.fields['subquery'] : undefined
      if (!isTextNode(side)) throw new Error('a side of a set operation is missing')
      return this.query(side, levels)
    })
    if (!isPlainUnion(setOperations)) sides.flat().forEach((passed) => this.#useAll(passed))
    const outputs: Passed[] = []
    for (const target of listOf(targetList).filter(isTextNode)) {
      const { expr, ressortgroupref, resjunk } = target.fields
      const position = outputs.length
      const passed =
        sides.length === 0 ? this.#value(expr, levels) : this.#together(sides.map((side) => side[position] ?? null))
      if (ressortgroupref !== '0' || resjunk === 'true') this.#useAll(passed)
      if (resjunk !== 'true') outputs.push(passed)
    }
    return outputs
  }

  /** The columns whose values an expression has as they are; those of any other expression are used by it. */
  #value(value: TextValue | undefined, levels: Levels): Passed {
    if (!isTextNode(value)) return []
    const { fields, type } = value
    switch (type) {
      case 'VAR':
        return this.#variable(fields, levels)
      case 'RELABELTYPE':
        return this.#value(fields['arg'], levels)
      case 'CASEEXPR':
      case 'CASE': {
        const branches = listOf(fields['args']).filter(isTextNode)
        this.#use([fields['arg'] ?? '', ...branches.map((branch) => branch.fields['expr'] ?? '')], levels)
        const results = [...branches.map((branch) => branch.fields['result']), fields['defresult']]
        return this.#together(results.map((result) => this.#value(result, levels)))
      }
      case 'SUBLINK': {
        const { subLinkType, subselect, testexpr } = fields
        if (subLinkType !== valueSubquery || !isTextNode(subselect)) break
        this.#use(testexpr, levels)
        return this.query(subselect, levels)[0] ?? null
      }
      case 'CONST':
        if (fields['constisnull'] === 'true') return []
        break
      default:
    }
    this.#use(value, levels)
    return null
  }

  /** Values that stand in one output: beside any other value these are used. */
  #together(parts: readonly Passed[]): Passed {
    if (!parts.includes(null)) return parts.flatMap((part) => part ?? [])
    parts.forEach((part) => this.#useAll(part))
    return null
  }

  #use(value: TextValue | undefined, levels: Levels): void {
    if (value === undefined || typeof value === 'string') return
    if (!isTextNode(value)) for (const item of value) this.#use(item, levels)
    else if (value.type === 'VAR') this.#useAll(this.#variable(value.fields, levels))
    else if (value.type === 'QUERY') this.query(value, levels).forEach((passed) => this.#useAll(passed))
    else for (const item of Object.values(value.fields)) this.#use(item, levels)
  }

  #useAll(passed: Passed): void {
    for (const source of passed ?? []) add(this.used, source)
  }

  #variable(fields: TextNode['fields'], levels: Levels): Passed {
    const own = levels.slice(Number(fields['varlevelsup']))
    const entry = listOf(own[0]?.fields['rtable'])[Number(fields['varno']) - 1]
    const attribute = Number(fields['varattno'])
    if (own[0] === undefined || !isTextNode(entry)) throw new Error('a variable of the tree means nothing')
    switch (kindOf(entry)) {
      case 'relation': {
        const source = { relation: Number(entry.fields['relid']), attribute }
        add(this.met, source)
        return this.#unlessWhole([[source]], attribute)
      }
      case 'subquery':
        return this.#column(entry.fields['subquery'], attribute, own)
      case 'with': {
        const around = own.slice(Number(entry.fields['ctelevelsup']))
        const named = listOf(around[0]?.fields['cteList']).filter(isTextNode)
        const definition = named.find((item) => item.fields['ctename'] === entry.fields['ctename'])
        if (definition?.fields['cterecursive'] === 'true') return null
        return this.#column(definition?.fields['ctequery'], attribute, around)
      }
      case 'join':
        return this.#merged(entry.fields['joinaliasvars'], attribute, own)
      case 'group':
        return this.#merged(entry.fields['groupexprs'], attribute, own)
      // What a function, VALUES and their like are made from was used where they stand.
      default:
        return null
    }
  }

  #column(query: TextValue | undefined, attribute: number, outer: Levels): Passed {
    if (!isTextNode(query)) throw new Error('a query of the tree is missing')
    const outputs = this.query(query, outer)
    return attribute === 0
      ? this.#unlessWhole(outputs, 0)
      : this.#unlessWhole([outputs[attribute - 1] ?? null], attribute)
  }

  #merged(expressions: TextValue | undefined, attribute: number, levels: Levels): Passed {
    const chosen = attribute === 0 ? listOf(expressions) : [itemsAt(expressions, attribute)]
    return this.#unlessWhole(
      chosen.map((item) => this.#value(item, levels)),
      attribute,
    )
  }

  /** A whole row uses each of its columns. */
  #unlessWhole(columns: readonly Passed[], attribute: number): Passed {
    const [only = null] = columns
    if (attribute !== 0) return only
    columns.forEach((passed) => this.#useAll(passed))
    return null
  }
}

function without(fields: TextNode['fields'], handled: ReadonlySet<string>): TextValue[] {
  return Object.entries(fields).flatMap(([name, value]) => (handled.has(name) ? [] : [value]))
}

/** The places in FROM of the sides of a set operation; none where there is no set operation. */
function sidesOf(operation: TextValue | undefined): number[] {
  if (!isTextNode(operation)) return []
  const { rtindex, larg, rarg } = operation.fields
  return operation.type === 'SETOPERATIONSTMT' ? [...sidesOf(larg), ...sidesOf(rarg)] : [Number(rtindex)]
}

function add(columns: Map<number, Set<number>>, { relation, attribute }: Source): void {
  columns.set(relation, (columns.get(relation) ?? new Set()).add(attribute))
}
