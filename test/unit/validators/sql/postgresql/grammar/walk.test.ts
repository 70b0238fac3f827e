import { describe, expect, it } from 'vitest'
import { loadGrammar, parseStatement } from '../../../../../../src/validators/sql/postgresql/grammar/parse.ts'
import { walkStatement } from '../../../../../../src/validators/sql/postgresql/grammar/walk.ts'
import type { Struct } from '../../../../../../src/validators/sql/syntax-tree.ts'
import { sqlAttackRows } from '../../../../../support/sql/sql-attack-rows.ts'
import { partsOf, type TreePart } from '../../../../../support/sql/tree-parts.ts'

await loadGrammar()
const trees = [...sqlAttackRows('sql'), ...sqlAttackRows('sql-aggregates')]
  .filter((row) => row.expect === 'allow')
  .flatMap(({ sql }): { sql: string; select: Struct }[] => {
    const parsed = parseStatement(sql)
    return 'select' in parsed ? [{ sql, select: parsed.select }] : []
  })

/**
 * Statements of which the walk finds nothing when `change` was made to one part of their trees, and where. Of parts with the
 * same fields at the same place in a part around them one is changed.
 */
function passedOver(change: (part: TreePart) => (() => void) | null): string[] {
  const seen = new Set<string>()
  return trees.flatMap(({ sql, select }) =>
    partsOf(select).flatMap(({ path, part }) => {
      const place = path
        .replaceAll(/\[\d+\]/g, '')
        .split('.')
        .slice(-3)
      const kind = JSON.stringify([place, Object.keys(part)])
      if (seen.has(kind)) return []
      seen.add(kind)
      const undo = change(part)
      if (undo === null) return []
      try {
        return walkStatement(select).findings.length > 0 ? [] : [`${path} of ${sql}`]
      } finally {
        undo()
      }
    }),
  )
}

// What a later grammar puts where nobody looks would run unseen.
describe('the walk over a statement', () => {
  it('finds nothing in statements that are allowed', () => {
    expect(trees.filter(({ select }) => walkStatement(select).findings.length > 0)).toEqual([])
    expect(trees.length).toBeGreaterThan(200)
  })

  it('finds a field that is not known wherever it stands', () => {
    const found = passedOver((part) => {
      part['UnheardOf'] = { of: true }
      return () => delete part['UnheardOf']
    })
    expect(found).toEqual([])
  })

  it('finds a value where a node is expected, and a node or a list where a value is', () => {
    const found = passedOver((part) => {
      const field = Object.keys(part).find((name) => name !== 'location' && name !== 'stmt_location')
      if (field === undefined) return null
      const before = part[field]
      part[field] = typeof before === 'object' ? 'unheard of' : [{ unheard: 'of' }]
      return () => (part[field] = before)
    })
    expect(found).toEqual([])
  })
})
