import nodeSqlParser from 'node-sql-parser/build/mysql.js'
import { describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import { translateQuery } from '../../../../../src/validators/sql/mysql/select.ts'
import { Refusal, type Node } from '../../../../../src/validators/sql/mysql/tree.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'
import { shopCatalog, shopPolicy } from '../../../../support/sql/mysql-gate.ts'
import { sqlAttackRows } from '../../../../support/sql/sql-attack-rows.ts'
import { partsOf, type TreePart } from '../../../../support/sql/tree-parts.ts'

const parser = new nodeSqlParser.Parser()
const policy = bindPolicy(sqlPolicyOptions.parse(shopPolicy), shopCatalog)
const options = sqlGateOptions.parse({})

/** The text of a tree; null where it is refused. */
function textOf(tree: Node): string | null {
  const findings: string[] = []
  const translation = {
    policy,
    options,
    findings: [],
    hidesValues: false,
    at: 0,
    masks: [],
    relations: new Set<string>(),
    columns: new Set<string>(),
    functions: new Set<string>(),
    counts: { tables: 0, withs: 0, nodes: 0, depth: 0, setOperations: 0 },
    report: (rule: string) => findings.push(rule),
  }
  try {
    const { text } = translateQuery(tree, { scope: null, withs: new Map(), inner: null }, translation)
    return findings.length === 0 ? text : null
  } catch (thrown) {
    if (thrown instanceof Refusal) return null
    throw thrown
  }
}

/** The parser's own notes. */
const notes: ReadonlySet<string> = new Set(['loc', 'tableList', 'columnList'])

const trees = sqlAttackRows('mysql')
  .filter(({ expect: verdict }) => verdict === 'allow')
  .map(({ sql }) => {
    const parsed: unknown = parser.astify(sql, { database: 'mysql', parseOptions: { includeLocations: true } })
    return { sql, tree: (Array.isArray(parsed) ? parsed[0] : parsed) as Node }
  })

/** Statements that are still translated when `change` was made to one of their nodes, and where. */
function stillTranslated(change: (node: TreePart) => (() => void) | null): string[] {
  return trees.flatMap(({ sql, tree }) =>
    partsOf(tree, notes).flatMap(({ path, part }) => {
      const undo = change(part)
      if (undo === null) return []
      try {
        return textOf(tree) === null ? [] : [`${path} of ${sql}`]
      } finally {
        undo()
      }
    }),
  )
}

// What a later version of the parser puts where nobody looks would run unseen.
describe('a tree of the MySQL parser', () => {
  it('is translated as it is', () => {
    expect(trees.filter(({ tree }) => textOf(tree) === null)).toEqual([])
    expect(trees.length).toBeGreaterThan(100)
  })

  it('is refused when any node of it has a field that is not known', () => {
    const found = stillTranslated((node) => {
      node['unheard_of'] = true
      return () => delete node['unheard_of']
    })
    expect(found).toEqual([])
  })

  it.each(['type', 'operator', 'join', 'set_op', 'keyword', 'symbol', 'dataType', 'seperator', 'distinct'])(
    'is refused when any %s in it is one that is not known',
    (field) => {
      const found = stillTranslated((node) => {
        const before = node[field]
        if (typeof before !== 'string') return null
        node[field] = 'unheard of'
        return () => (node[field] = before)
      })
      expect(found).toEqual([])
    },
  )

  it.each([
    ['_orderby', 'orderby'],
    ['_limit', 'limit'],
    ['with', 'with'],
  ])('is refused when a later SELECT of a UNION has %s', (field, plain) => {
    const treeOf = (sql: string) => parser.astify(sql, { database: 'mysql' }) as unknown as Record<string, unknown>
    const whole = treeOf('SELECT id FROM orders UNION SELECT id FROM customers')
    expect(textOf(whole)).not.toBeNull()
    const part = treeOf('WITH q AS (SELECT 1) SELECT id FROM orders ORDER BY 1 LIMIT 1')[plain]
    expect(part).toBeTruthy()
    expect(textOf({ ...whole, _next: { ...(whole['_next'] as object), [field]: part } })).toBeNull()
  })

  it('is refused when any list in it is something else', () => {
    const found = stillTranslated((node) => {
      const field = Object.keys(node).find((name) => Array.isArray(node[name]) && !/^(table|column)List$/.test(name))
      if (field === undefined) return null
      const before = node[field]
      node[field] = 5
      return () => (node[field] = before)
    })
    expect(found).toEqual([])
  })
})
