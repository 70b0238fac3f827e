import { describe, expect, it } from 'vitest'
import type { CatalogColumn, CatalogRelation } from '../../../../../src/core/catalog.ts'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import { sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'

type Columns = Readonly<Record<string, readonly string[]>>

function columnOf(name: string, generatedFrom: readonly string[]): CatalogColumn {
  const plain = { name, type: 'text', nullable: true, comment: null }
  return generatedFrom.length === 0 ? plain : { ...plain, generatedFrom }
}

/** Columns with what they are generated from. */
function table(name: string, columns: Columns, parents: readonly string[] = []): CatalogRelation {
  return {
    schema: 'public',
    name,
    kind: 'table',
    comment: null,
    estimatedRows: null,
    columns: Object.entries(columns).map(([column, generatedFrom]) => columnOf(column, generatedFrom)),
    ...(parents.length === 0 ? {} : { parents: parents.map((parent) => `public.${parent}`) }),
  }
}

const own: Columns = { id: [], pay: [], phone: [] }
const tree = [
  table('staff', own),
  table('north', own, ['staff']),
  table('south', { ...own, bonus: [] }, ['staff']),
  table('deep', { ...own, bonus: [] }, ['south']),
  table('other', own),
]

function bind(relations: object, catalog: readonly CatalogRelation[] = tree) {
  const options = sqlPolicyOptions.parse({ relations })
  const facts = { fingerprint: 'catalog', schemaStatements: [] }
  return bindPolicy(options, { ...facts, dialect: { name: 'postgresql', major: 18 }, relations: catalog })
}

function rulesOf(relations: object, catalog?: readonly CatalogRelation[]): Record<string, string> {
  return Object.fromEntries(
    [...bind(relations, catalog).relations].flatMap(([name, { columns }]) =>
      [...columns].map(([column, rule]) => [`${name.slice('public.'.length)}.${column}`, rule.kind]),
    ),
  )
}

const denying = (...columns: string[]) => ({
  columns: Object.fromEntries(columns.map((column) => [column, 'deny'])),
  other_columns: 'allow',
})

describe('rules in a tree of tables', () => {
  it('L4: go down to every level', () => {
    const rules = rulesOf({ staff: denying('pay'), north: '*', deep: '*', other: '*' })
    expect(rules).toMatchObject({
      'north.pay': 'deny',
      'deep.pay': 'deny',
      'north.phone': 'allow',
      'other.pay': 'allow',
    })
  })

  it('L4: go up, and not to siblings', () => {
    const rules = rulesOf({ staff: '*', north: '*', south: '*', deep: denying('pay') })
    expect(rules).toMatchObject({ 'staff.pay': 'deny', 'south.pay': 'deny', 'north.pay': 'allow' })
  })

  it('L4: are denied where they differ, and stay where they are alike', () => {
    const masked = (how: string) => ({ columns: { phone: { mask: how } }, other_columns: 'allow' })
    expect(rulesOf({ staff: masked('hash'), north: masked('hash') })).toMatchObject({ 'north.phone': 'mask' })
    const parts = { staff: masked('hash'), north: { columns: {}, other_columns: { mask: 'partial' } } }
    expect(rulesOf(parts)).toMatchObject({ 'north.phone': 'deny' })
  })

  it('L4: deny what is generated from a restricted column, in a chain, in a child, and in a parent of it', () => {
    const columns = { ...own, shown: ['id'] }
    const child = { ...own, shown: ['twice'], twice: ['masked'], masked: ['pay'] }
    const catalog = [table('staff', columns), table('north', child, ['staff'])]
    const rules = rulesOf({ staff: denying('pay'), north: '*' }, catalog)
    expect(rules).toMatchObject({
      'north.masked': 'deny',
      'north.twice': 'deny',
      'north.shown': 'deny',
      'staff.shown': 'deny',
    })
    expect(rulesOf({ staff: denying('pay') }, catalog)).toMatchObject({ 'staff.shown': 'deny' })
    expect(rulesOf({ staff: denying('phone'), north: '*' }, catalog)).toMatchObject({ 'north.shown': 'allow' })
  })

  it('L4: have one ledger a tree, whose rows are numbered by what all tables of it have', () => {
    const guarded = {
      columns: { pay: 'aggregate-only', bonus: 'aggregate-only' },
      other_columns: 'allow',
      entity_key: 'id',
    }
    const staff = { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' }
    const { relations } = bind({ staff, north: '*', south: guarded, other: staff })
    const whole = { relations: ['deep', 'north', 'south', 'staff'].map((name) => `public.${name}`), columns: ['pay'] }
    expect(relations.get('public.staff')?.ledgers).toEqual([whole])
    expect(relations.get('public.north')).toMatchObject({ entityKey: 'id', ledgers: [whole] })
    const extra = { relations: ['public.deep', 'public.south'], columns: ['bonus', 'pay'] }
    expect(relations.get('public.south')?.ledgers).toEqual([whole, extra])
    expect(relations.get('public.other')?.ledgers).toEqual([{ relations: ['public.other'], columns: ['pay'] }])
  })

  it('L4: have no ledger where nothing may only be aggregated', () => {
    const { relations } = bind({ staff: denying('pay'), north: '*' })
    expect([...relations.values()].map(({ ledgers }) => ledgers)).toEqual([undefined, undefined])
  })

  it('L4: deny an aggregate-only column of a parent that has not the key of its child', () => {
    const catalog = [table('staff', { pay: [] }), table('north', own, ['staff'])]
    const north = { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' }
    expect(rulesOf({ staff: '*', north }, catalog)).toMatchObject({
      'staff.pay': 'deny',
      'north.pay': 'aggregate-only',
    })
  })
})
