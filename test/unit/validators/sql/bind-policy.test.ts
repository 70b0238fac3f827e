import { describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../src/validators/sql/bind-policy.ts'
import { sqlPolicyOptions } from '../../../../src/validators/sql/options.ts'
import { createFakeCatalog } from '../../../support/sql/fake-shadow.ts'
import { verifies } from '../../../support/verifies.ts'

const catalog = createFakeCatalog({
  customers: { id: 'integer', name: 'text', email: 'text' },
  staff: { id: 'integer', salary: 'numeric' },
})

function bind(relations: object) {
  return bindPolicy(sqlPolicyOptions.parse({ relations }), catalog)
}

describe('a policy bound to a catalog', () => {
  it('names an unknown relation and the one it resembles', () => {
    expect(() => bind({ custmers: '*' })).toThrow(/relation "custmers" does not exist; is it "customers"\?/)
  })

  it('L1: has no groups of two, of which a sum and a variance tell both amounts', () => {
    verifies('ledger.three')
    const parse = (minimum_group_size: number) => sqlPolicyOptions.safeParse({ relations: {}, minimum_group_size })
    expect(parse(2).error?.issues[0]).toMatchObject({ path: ['minimum_group_size'], minimum: 3 })
    expect(parse(3).success).toBe(true)
  })

  it('hands on what it says, or what holds without it', () => {
    const written = {
      relations: { customers: '*' },
      row_limit: 7,
      maximum_mb: 2,
      timeout_ms: 90,
      maximum_cost: 3,
      minimum_group_size: 4,
      differencing_ledger: false,
    }
    expect(bindPolicy(sqlPolicyOptions.parse(written), catalog)).toMatchObject({
      rowLimit: 7,
      maximumBytes: 2_097_152,
      timeoutMilliseconds: 90,
      maximumCost: 3,
      minimumGroupSize: 4,
      watchesDifferences: false,
      searchPath: ['public'],
      types: ['integer', 'text'],
    })
    expect(bind({})).toMatchObject({
      maximumBytes: null,
      timeoutMilliseconds: null,
      maximumCost: null,
      watchesDifferences: true,
    })
  })

  it('watches who inherits from a table as soon as one of its columns is restricted', () => {
    expect(bind({ customers: ['id', 'name'] }).inheritance?.relations).toEqual(['public.customers'])
    expect(bind({ customers: '*' }).inheritance).toBeNull()
  })

  it('is another version for another text of it and for another schema', () => {
    const versions = [
      bind({ customers: '*' }),
      bind({ customers: ['id'] }),
      bindPolicy(sqlPolicyOptions.parse({ relations: { customers: '*' } }), { ...catalog, fingerprint: 'other' }),
    ].map(({ version }) => version)
    expect(new Set(versions).size).toBe(3)
    expect(bind({ customers: '*' }).version).toBe(versions[0])
  })

  it('tells which names of functions mean more than one in the schemas that are searched', () => {
    const overloaded = (functions: string[], known: string[] = [], search_path = ['public']) =>
      bindPolicy(sqlPolicyOptions.parse({ functions, search_path }), {
        ...catalog,
        functions: [...functions, ...known],
      }).overloadedFunctions
    expect(overloaded([])).toEqual([])
    expect(overloaded(['public.own(integer)'])).toEqual([])
    expect(overloaded(['public.lower(integer)'])).toEqual(['lower'])
    expect(overloaded([], ['public.upper(integer)', 'public.lower(integer)'])).toEqual(['lower', 'upper'])
    expect(overloaded([], ['public.lower(integer)', 'public.avg(text)', 'public.abs(text)'])).toEqual([
      'abs',
      'avg',
      'lower',
    ])
    expect(overloaded([], ['other.lower(integer)'])).toEqual([])
    expect(overloaded([], ['a.own(integer)', 'b.own(text)', 'b.other(text)'], ['a', 'b'])).toEqual(['own'])
  })

  it('names an unknown column', () => {
    expect(() => bind({ customers: ['id', 'mail'] })).toThrow(/column "mail" of "customers" does not exist/)
  })

  it('names every problem at once', () => {
    expect(() => bind({ customers: ['nope'], absent: '*' })).toThrow(/"nope".*"absent"/)
  })

  it('denies the columns that are not named', () => {
    const columns = bind({ customers: ['id'] }).relations.get('public.customers')?.columns
    expect(Object.fromEntries(columns ?? [])).toEqual({
      id: { kind: 'allow' },
      name: { kind: 'deny' },
      email: { kind: 'deny' },
    })
  })

  it('denies a generated column of a restricted one, unless it is named', () => {
    const generated = { name: 'handle', type: 'text', nullable: true, comment: null, generatedFrom: ['email'] }
    const [first, ...rest] = catalog.relations
    if (first === undefined) throw new Error('no relation')
    const relations = [{ ...first, columns: [...first.columns, generated] }, ...rest]
    const ruleOf = (columns: object) => {
      const options = sqlPolicyOptions.parse({ relations: { customers: { columns, other_columns: 'allow' } } })
      return bindPolicy(options, { ...catalog, relations })
        .relations.get('public.customers')
        ?.columns.get('handle')?.kind
    }
    expect(ruleOf({ email: { mask: 'hash' } })).toBe('deny')
    expect(ruleOf({ email: 'deny' })).toBe('deny')
    expect(ruleOf({ email: 'deny', handle: 'allow' })).toBe('allow')
    expect(ruleOf({ name: 'deny' })).toBe('allow')
  })

  it('needs an entity key where a column is aggregate-only', () => {
    const columns = { salary: 'aggregate-only' }
    expect(() => bind({ staff: { columns } })).toThrow(/needs an entity_key/)
    expect(bind({ staff: { columns, entity_key: 'id' } }).relations.get('public.staff')?.entityKey).toBe('id')
  })

  it.each([
    ['public.distance(numeric,numeric)', null],
    ['public.distence(numeric, numeric)', 'does not exist; is it "public.distance(numeric, numeric)"?'],
    ['public.distance(text)', 'does not exist; there is public.distance(numeric, numeric)'],
    ['pg_catalog.nothing_like_it(text)', 'does not exist'],
    ['distance', 'is not of the form schema.name(argument types)'],
  ])('looks for the function %s in the catalog', (signature, problem) => {
    const known = { ...catalog, functions: ['pg_catalog.lower(text)', 'public.distance(numeric, numeric)'] }
    const binding = (): unknown => bindPolicy(sqlPolicyOptions.parse({ functions: [signature] }), known)
    if (problem === null) expect(binding).not.toThrow()
    else expect(binding).toThrow(`function "${signature}" ${problem}`)
  })

  it('has another version when anything in it changes', () => {
    expect(bind({ customers: '*' }).version).not.toBe(bind({ customers: ['id'] }).version)
  })
})
