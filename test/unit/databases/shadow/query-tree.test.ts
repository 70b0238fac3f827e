import { describe, expect, it } from 'vitest'
import { readQueryTree } from '../../../../src/databases/shadow/query-tree.ts'

const relation = (oid: number): string => `{RANGETBLENTRY :alias <> :rtekind 0 :relid ${oid} :inh true}`
const permission = (oid: number, columns: string, privileges = 2, updated = ''): string =>
  `{RTEPERMISSIONINFO :relid ${oid} :inh true\n:requiredPerms ${privileges} :checkAsUser 0 :selectedCols (b${columns}) :insertedCols (b) :updatedCols (b${updated})}`
const query = (inside: string, command = 1): string =>
  `{QUERY :commandType ${command} :querySource 0 :utilityStmt <> :hasModifyingCTE false :hasForUpdate false ${inside}}`

describe('the tree of a statement', () => {
  it('names relations with the columns that need the right to be read', () => {
    const tree = query(`:rtable (${relation(100)}) :rteperminfos (${permission(100, ' 8 10')})`)
    expect(readQueryTree(tree)?.relations).toEqual(new Map([[100, new Set([1, 3])]]))
  })

  it('shows a whole-row reference as column 0 and system columns as negative', () => {
    const tree = query(`:rtable (${relation(100)}) :rteperminfos (${permission(100, ' 6 7 8')})`)
    expect(readQueryTree(tree)?.relations.get(100)).toEqual(new Set([-1, 0, 1]))
  })

  it('reads every level of nesting, and fields broken over lines', () => {
    const inner = query(`:rtable (${relation(200)}) :rteperminfos\n(${permission(200, '\n9')})`)
    const tree = query(`:rtable (${relation(100)}) :rteperminfos (${permission(100, '')}) :cteList (${inner})`)
    expect([...(readQueryTree(tree)?.relations.keys() ?? [])]).toEqual([100, 200])
  })

  it('collects functions, operators, aggregates and window functions', () => {
    const tree = query(
      '{FUNCEXPR :funcid 1} {OPEXPR :opno 96 :opfuncid 65} {AGGREF :aggfnoid\n2} {WINDOWFUNC :winfnoid 3} {ROWCOMPAREEXPR :opnos (o 521 666)}',
    )
    expect(readQueryTree(tree)?.functions).toEqual(new Set([1, 65, 2, 3]))
    expect(readQueryTree(tree)?.operators).toEqual(new Set([96, 521, 666]))
  })

  it.each([
    ['a relation without its permission record', query(`:rtable (${relation(100)})`)],
    ['a right other than SELECT', query(`:rtable (${relation(100)}) :rteperminfos (${permission(100, ' 8', 6)})`)],
    ['a column to be written', query(`:rtable (${relation(100)}) :rteperminfos (${permission(100, ' 8', 2, ' 9')})`)],
    ['a command that is no query', query('', 3)],
    ['a command inside that is no query', query(`:cteList (${query('', 4)})`)],
    ['a row lock', query('').replace(':hasForUpdate false', ':hasForUpdate true')],
    ['a data-modifying CTE', query('').replace(':hasModifyingCTE false', ':hasModifyingCTE true')],
    ['text that is no tree', 'nothing'],
  ])('is not accepted with %s', (_claim, tree) => {
    expect(readQueryTree(tree)).toBeNull()
  })
})
