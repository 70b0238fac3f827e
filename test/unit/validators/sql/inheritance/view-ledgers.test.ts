import { describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import type { ColumnLineage, ViewLineage } from '../../../../../src/validators/sql/inheritance/view-lineage.ts'
import { sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'
import { createFakeCatalog } from '../../../../support/sql/fake-shadow.ts'

const wage = { id: 'integer', pay: 'numeric', bonus: 'numeric' }
const catalog = createFakeCatalog({ staff: wage, north: wage, seen: wage, again: wage })
const [staff, north, ...others] = catalog.relations
if (staff === undefined || north === undefined) throw new Error('no relations')
const inherited = { ...catalog, relations: [staff, { ...north, parents: ['public.staff'] }, ...others] }
const person = { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' }
const from = (origin: string): ColumnLineage => ({ origin: `public.${origin}`, touches: [] })
const computed = (...touches: string[]): ColumnLineage => ({
  origin: null,
  touches: touches.map((name) => `public.${name}`),
})

/** What a policy with these relations, each with an aggregate-only pay, is refused for; null where it is bound. */
function problemOf(
  names: readonly string[],
  views: Readonly<Record<string, ColumnLineage | null>>,
  options: object = {},
): string | null {
  const entries = Object.entries(views).map(([name, pay]): [string, ViewLineage | null] => [
    `public.${name}`,
    pay === null
      ? null
      : {
          columns: new Map([
            ['id', from('staff.id')],
            ['pay', pay],
          ]),
          deciders: [],
          relations: [],
          definition: 'SELECT 1',
          changing: [],
          functions: [],
          isStored: false,
        },
  ])
  const relations = Object.fromEntries(names.map((name) => [name, person]))
  try {
    bindPolicy(sqlPolicyOptions.parse({ relations, ...options }), inherited, new Map(entries))
    return null
  } catch (thrown) {
    return String(thrown)
  }
}

describe('ledgers of views', () => {
  it.each([
    ['the table itself', { seen: from('staff.pay') }],
    ['a computation', { seen: computed('staff.id', 'staff.pay') }],
    ['a view between them', { seen: from('again.pay'), again: computed('staff.pay') }],
    ['a child of the table', { seen: from('north.pay') }],
    ['a query that is not known', { seen: null }],
  ])('are not kept beside the ledger of the table whose values the view has, through %s', (_, views) => {
    const problem = problemOf(['staff', 'seen'], views)
    expect(problem).toContain('view "public.seen" and "public.staff" have the same values')
  })

  it('are not kept twice for the values of a table that the policy does not name', () => {
    const problem = problemOf(['seen', 'again'], { seen: from('staff.pay'), again: computed('staff.pay') })
    expect(problem).toContain('"public.again" and "public.seen"')
  })

  it('are kept for views of other columns, of one relation only, and where no differences are watched', () => {
    expect(problemOf(['staff', 'seen'], { seen: computed('staff.id', 'staff.bonus') })).toBeNull()
    expect(problemOf(['seen'], { seen: from('staff.pay') })).toBeNull()
    expect(problemOf(['staff', 'north'], {})).toBeNull()
    expect(problemOf(['staff', 'seen'], { seen: from('staff.pay') }, { differencing_ledger: false })).toBeNull()
  })
})
