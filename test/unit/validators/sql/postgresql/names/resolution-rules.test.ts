import { beforeAll, describe, expect, it } from 'vitest'
import type { Resolution } from '../../../../../../src/core/catalog.ts'
import { bindPolicy } from '../../../../../../src/validators/sql/bind-policy.ts'
import {
  createExaminer,
  type Examination,
  type Examined,
} from '../../../../../../src/validators/sql/postgresql/examine.ts'
import { createFunctionPolicy } from '../../../../../../src/validators/sql/postgresql/functions/function-policy.ts'
import {
  checkResolution,
  explainFailure,
  restrictedColumns,
  ruleOf,
} from '../../../../../../src/validators/sql/postgresql/names/resolution-rules.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../../../../src/validators/sql/options.ts'
import { createFakeCatalog } from '../../../../../support/sql/fake-shadow.ts'

const catalog = createFakeCatalog({
  orders: { id: 'integer', total: 'numeric' },
  people: { id: 'integer', name: 'text', ssn: 'text', email: 'text', pay: 'numeric' },
  'odd name': { id: 'integer', Über: 'text' },
})
const people = { id: 'allow', name: 'allow', ssn: 'deny', email: { mask: 'hash' }, pay: 'aggregate-only' }
const policy = bindPolicy(
  sqlPolicyOptions.parse({
    relations: { orders: '*', people: { columns: people, entity_key: 'id' }, 'odd name': '*' },
  }),
  catalog,
)
const functions = createFunctionPolicy(18, policy)
let examine: (source: string) => Examination

beforeAll(async () => {
  examine = await createExaminer({ policy, major: 18, options: sqlGateOptions.parse({}) })
})

function examined(source: string): Examined {
  const examination = examine(source)
  if (examination.kind !== 'examined') throw new Error(JSON.stringify(examination))
  return examination.value
}

describe('why a statement does not analyze', () => {
  /** What is said where the analyzer points at this part of the canonical text. */
  function explained(source: string, sqlstate: string, part: string | null) {
    const value = examined(source)
    const position =
      part === null ? null : Array.from(value.canonical.slice(0, value.canonical.indexOf(part))).length + 1
    return explainFailure({ sqlstate, position }, { ...value, source }, policy)
  }

  it.each([
    ['SELECT nam FROM orders', 'nam', 1, 8, '"nam" is not a column you may use here. You may use "id", "total".'],
    ["SELECT 'ü',\n  o.nam FROM orders o", 'o.nam', 2, 3, '"nam" is not a column you may use here.'],
    [
      'SELECT "Nam" FROM orders',
      '"Nam"',
      1,
      8,
      '"Nam" is not a column you may use here. Text stands in single quotes.',
    ],
    ['SELECT "nam" FROM orders', 'nam', 1, 8, 'Text stands in single quotes. You may use "id", "total".'],
    ['SELECT nam FROM orders, people', 'nam', 1, 8, 'You may use "email", "id", "name", "pay", "total".'],
    ['SELECT nam FROM "odd name"', 'nam', 1, 8, 'You may use "id", "Über".'],
    ['SELECT nam', 'nam', 1, 8, 'You may use "email", "id", "name", "pay", "total", "Über".'],
  ])('a column that is not there: %s', (source, part, line, column, message) => {
    expect(explained(source, '42703', part)).toEqual({
      rule: 'sql/column-not-allowed',
      line,
      column,
      message: expect.stringContaining(message) as string,
    })
  })

  it('a column that is denied reads the same, whatever the analyzer says of the statement', () => {
    const missing = explained('SELECT xyz FROM people', '42703', 'xyz')
    expect(explained('SELECT ssn FROM people', '42703', 'ssn')).toEqual({
      ...missing,
      message: missing.message.replace('xyz', 'ssn'),
    })
    expect(explained('SELECT ssn + 1 FROM people', '42883', null)).toMatchObject({ rule: 'sql/column-not-allowed' })
  })

  it('a column that is joined by has no name in the text', () => {
    expect(explained('SELECT 1 FROM orders', '42703', null)).toEqual({
      rule: 'sql/column-not-allowed',
      line: 1,
      column: 1,
      message: 'A column that is joined by is not a column you may use here. You may use "id", "total".',
    })
  })

  it.each([
    ['42803', 'A column must be in GROUP BY or inside an aggregate'],
    ['42702', 'put the table before it, as in orders.id'],
    ['42P01', 'check the FROM clause and the aliases'],
    ['42883', 'No function or operator takes these argument types'],
    ['42804', 'Types do not match'],
    ['22P02', 'A literal does not fit its type.'],
    ['22007', 'write it as YYYY-MM-DD'],
    ['0A000', 'PostgreSQL does not support this here.'],
    ['XX000', 'PostgreSQL cannot analyze this statement.'],
  ])('is said in words of our own, by its SQLSTATE %s', (sqlstate, message) => {
    const finding = explained('SELECT id FROM orders', sqlstate, null)
    expect(finding).toMatchObject({ rule: 'sql/does-not-analyze', line: 1, column: 1 })
    expect(finding.message).toContain(message)
    expect(finding.message).toMatch(new RegExp(`\\(SQLSTATE ${sqlstate}\\)$`))
  })

  it('stands where the part stood in the text that was sent', () => {
    const source = "SELECT 'ü'  ,\n total ,  count( * ) FROM orders"
    expect(explained(source, '42803', 'total')).toMatchObject({ line: 2, column: 2 })
    expect(explained(source, '42883', 'pg_catalog.count')).toMatchObject({ line: 2, column: 11 })
  })
})

describe('what the analyzer resolved', () => {
  const nothing: Resolution = { relations: [], columns: [], functions: [], output: [] }
  const check = (source: string, resolution: Partial<Resolution>, guards: readonly string[] = []) =>
    checkResolution({ ...nothing, ...resolution }, examined(source), { policy, functions, guards })

  it('is taken where policy names all of it', () => {
    const resolution = {
      relations: ['public.orders', 'public.people'],
      columns: ['public.orders.id', 'public.people.email', 'public.people.pay'],
      functions: ['pg_catalog.lower(text)'],
      types: ['pg_catalog.int4', 'pg_catalog._text'],
    }
    expect(check('SELECT id FROM orders', resolution)).toEqual([])
  })

  it.each([
    [{ relations: ['public.secrets'] }, 'sql/relation-not-allowed', 1, 1, 'reads a table you may not use'],
    [{ columns: ['public.people.ssn'] }, 'sql/column-not-allowed', 1, 1, 'A whole row is used'],
    [{ columns: ['public.people.other'] }, 'sql/column-not-allowed', 1, 1, 'A whole row is used'],
    [{ columns: ['public.secrets.id'] }, 'sql/column-not-allowed', 1, 8, '"id" is not a column you may use here'],
    [
      { functions: ['pg_catalog.pg_sleep(double precision)'] },
      'sql/function-not-allowed',
      1,
      1,
      '"pg_sleep(double precision)"',
    ],
    [
      { functions: ['public.lower(text)'] },
      'sql/function-not-allowed',
      1,
      12,
      'The built-in one is pg_catalog.lower(…).',
    ],
    [{ types: ['pg_catalog.xml'] }, 'sql/type-not-allowed', 1, 1, 'values of the type "xml"'],
    [{ types: ['public.secrets'] }, 'sql/type-not-allowed', 1, 1, 'values of the type "public.secrets"'],
  ])('is refused where it does not: %j', (resolution, rule, line, column, message) => {
    expect(check("SELECT id, lower('A') FROM orders", resolution)).toEqual([
      { rule, line, column, message: expect.stringContaining(message) as string },
    ])
  })

  it('is a whole row where a star stands for a column that may not be read', () => {
    expect(check('SELECT 1, count(o.*) FROM orders o', { columns: ['public.secrets.token'] })).toMatchObject([
      { rule: 'sql/column-not-allowed', line: 1, column: 17, message: expect.stringContaining('whole row') as string },
    ])
  })

  it('may have a denied column that the gate itself put there', () => {
    expect(check('SELECT id FROM orders', { columns: ['public.people.ssn'] }, ['public.people.ssn'])).toEqual([])
  })

  it('says of a column which rule it is under, and which are under one for some uses only', () => {
    expect(ruleOf('public.people.ssn', policy)).toEqual({ kind: 'deny' })
    expect(ruleOf('public.people.other', policy)).toBeNull()
    expect(ruleOf('public.people_again.ssn', policy)).toBeNull()
    const columns = ['public.people.email', 'public.people.id', 'public.people.pay', 'public.people.ssn']
    expect(restrictedColumns({ ...nothing, columns }, policy).map(({ name, rule }) => [name, rule.kind])).toEqual([
      ['public.people.email', 'mask'],
      ['public.people.pay', 'aggregate-only'],
    ])
  })
})
