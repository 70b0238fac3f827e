import { describe, expect, it } from 'vitest'
import { inheritRules, splitColumn } from '../../../../../src/validators/sql/inheritance/inherit-rules.ts'
import type { ColumnLineage, Lineage, ViewLineage } from '../../../../../src/validators/sql/inheritance/view-lineage.ts'
import type { AllowedRelation, ColumnRule } from '../../../../../src/validators/sql/policy.ts'

const allow: ColumnRule = { kind: 'allow' }
const masked: ColumnRule = { kind: 'mask', how: 'partial' }

function relation(name: string, columns: Record<string, ColumnRule>): [string, AllowedRelation] {
  const facts = { schema: 'public', name, entityKey: null, rowKey: null, estimatedRows: null, types: new Map() }
  return [`public.${name}`, { ...facts, columns: new Map(Object.entries(columns)) }]
}

const people = relation('people', {
  id: allow,
  email: masked,
  phone: { kind: 'deny' },
  pay: { kind: 'aggregate-only' },
})
const couldRead = (signature: string): boolean => signature === 'public.total(text)'
const tables = {
  ruleOf: () => null,
  couldRead,
  known: new Set(['people', 'seen', 'inner'].map((name) => `public.${name}`)),
}
const from = (origin: string): ColumnLineage => ({ origin: `public.${origin}`, touches: [] })
const computed = (...touches: string[]): ColumnLineage => ({
  origin: null,
  touches: touches.map((name) => `public.${name}`),
})

const plain = { deciders: [], relations: [], definition: 'SELECT 1', changing: [], functions: [], isStored: false }

function rulesOf(
  columns: Record<string, ColumnLineage>,
  more: Record<string, Record<string, ColumnLineage>> = {},
  functions: Record<string, readonly string[]> = {},
) {
  const lineage: Lineage = new Map(
    Object.entries({ seen: columns, ...more }).map(([name, view]) => [
      `public.${name}`,
      {
        ...plain,
        columns: new Map(Object.entries(view)),
        functions: functions[name] ?? [],
      },
    ]),
  )
  const view = relation('seen', Object.fromEntries(Object.keys(columns).map((name) => [name, allow])))
  const isNamed = (name: string, column: string): boolean => name === 'public.seen' && column === 'named'
  const inherited = inheritRules({ relations: new Map([people, view]), lineage, isNamed, ...tables }).get('public.seen')
  return Object.fromEntries([...(inherited?.columns ?? [])].map(([name, rule]) => [name, rule.kind]))
}

describe('a view over restricted columns', () => {
  it('has each column as it is behind it', () => {
    const view = {
      id: from('people.id'),
      mail: from('people.email'),
      phone: from('people.phone'),
      pay: from('people.pay'),
    }
    expect(rulesOf(view)).toEqual({ id: 'allow', mail: 'mask', phone: 'deny', pay: 'deny' })
  })

  it('is left with its named columns where it, or a view behind it, calls a function that could read what nobody sees', () => {
    const view = { id: from('people.id'), named: computed() }
    const behind = { inner: { id: from('people.id') } }
    const total = ['pg_catalog.upper(text)', 'public.total(text)']
    expect(rulesOf(view, behind, { seen: ['pg_catalog.upper(text)'] })).toEqual({ id: 'allow', named: 'allow' })
    expect(rulesOf(view, behind, { seen: total })).toEqual({ id: 'deny', named: 'allow' })
    expect(rulesOf({ id: from('people.id') }, behind, { seen: total })).toEqual({})
  })

  it('has its rows by its query and those of the views behind it, and by what they call that changes', () => {
    const query = (definition: string, changing: string[], relations: string[]): ViewLineage => ({
      columns: new Map([['id', from('people.id')]]),
      ...plain,
      definition,
      changing,
      relations,
    })
    const outer = query('SELECT id FROM inner', ['now()', 'b()'], ['public.inner', 'public.people'])
    const inner = query('SELECT id FROM people', ['now()', 'a()'], ['public.people'])
    const relations = new Map([people, relation('seen', { id: allow })])
    const viewOf = (behind: ViewLineage | null) => {
      const lineage: Lineage = new Map([
        ['public.seen', outer],
        ['public.inner', behind],
      ])
      return inheritRules({ relations, lineage, isNamed: () => false, ...tables }).get('public.seen')?.view
    }
    expect(viewOf(inner)).toEqual({
      definitions: ['SELECT id FROM inner', 'SELECT id FROM people'],
      changing: ['a()', 'b()', 'now()'],
    })
    expect(viewOf({ ...inner, isStored: true })).toEqual({
      definitions: ['SELECT id FROM inner'],
      changing: ['b()', 'now()'],
    })
    expect(viewOf(null)).toBeNull()
  })

  it('has the rule that is behind a column rather than one that the policy gives to all of its columns', () => {
    const view = relation('seen', { phone: masked, id: masked })
    const behind: ViewLineage = {
      columns: new Map([
        ['phone', from('people.phone')],
        ['id', from('people.id')],
      ]),
      ...plain,
    }
    const given = { relations: new Map([people, view]), lineage: new Map([['public.seen', behind]]), ...tables }
    const columns = inheritRules({ ...given, isNamed: () => false }).get('public.seen')?.columns
    expect([...(columns?.values() ?? [])].map(({ kind }) => kind)).toEqual(['deny', 'mask'])
  })

  it('denies what is computed where a restricted column is touched', () => {
    const view = { upper: computed('people.id', 'people.email'), twice: computed('people.id') }
    expect(rulesOf(view)).toEqual({ upper: 'deny', twice: 'allow' })
  })

  it('is followed through views that the policy does not name', () => {
    const view = { mail: from('inner.m'), size: computed('inner.m'), id: from('inner.id') }
    expect(rulesOf(view, { inner: { m: from('people.email'), id: from('people.id') } })).toEqual({
      mail: 'mask',
      size: 'deny',
      id: 'allow',
    })
  })

  it('shows what the policy names for it, and what comes from tables the policy does not name', () => {
    expect(rulesOf({ named: from('people.email'), token: from('secrets.token') })).toEqual({
      named: 'allow',
      token: 'allow',
    })
  })

  it('is denied but for its named columns where it cannot be traced', () => {
    const view = relation('seen', { id: allow, named: allow })
    const given = { relations: new Map([people, view]), lineage: new Map([['public.seen', null]]), ...tables }
    const isNamed = (_relation: string, column: string): boolean => column === 'named'
    const columns = inheritRules({ ...given, isNamed }).get('public.seen')?.columns
    expect([columns?.get('id')?.kind, columns?.get('named')?.kind]).toEqual(['deny', 'allow'])
  })
})

it.each([
  ['public.people.id', 'public.people', 'id'],
  ['public.odd.name.id', 'public.odd.name', 'id'],
  ['public.people.first.name', 'public.people', 'first.name'],
  ['.odd.people.id', '.odd.people', 'id'],
  ['other.people.id', 'other.people', 'id'],
  ['other.people.first.name', 'other.people.first', 'name'],
  ['.x', '', 'x'],
])('%s is of a relation that is known, or has no dot in its name', (column, relation, name) => {
  const known = new Set(['public.people', 'public.odd.name', '.odd.people'])
  expect(splitColumn(column, { known })).toEqual({ relation, name })
})
