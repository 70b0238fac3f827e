import { describe, expect, it } from 'vitest'
import { sqlGateOptions, sqlPolicyOptions } from '../../../../src/validators/sql/options.ts'

describe('the limits of the gate', () => {
  it.each([
    ['maximum_kb', 1, 1_024, 64],
    ['maximum_depth', 10, 1_000, 200],
    ['maximum_nodes', 50, 200_000, 20_000],
    ['maximum_relations', 1, 1_000, 64],
    ['maximum_set_operations', 0, 1_000, 64],
    ['maximum_literal_kb', 1, 1_024, 16],
    ['maximum_value_kb', 1, 16_384, 96],
    ['maximum_series', 1, 100_000_000, 1_000_000],
    ['maximum_cartesian_rows', 1, 1_000_000_000_000, 100_000_000],
    ['deadline_ms', 50, 60_000, 2_000],
    ['memory_mb', 64, 4_096, 256],
    ['cache_entries', 0, 1_000_000, 2_000],
  ] as const)('%s lies between %d and %d, is whole, and %d where it is not given', (name, least, most, usual) => {
    const takes = (value: unknown) => sqlGateOptions.safeParse({ [name]: value }).success
    expect([least, most].map(takes)).toEqual([true, true])
    expect([least - 1, most + 1, least + 0.5, String(least), null].map(takes)).toEqual(Array(5).fill(false))
    expect(sqlGateOptions.parse({})[name]).toBe(usual)
  })

  it('bound the cost from 1, in fractions too, and have no others', () => {
    const takes = (value: object) => sqlGateOptions.safeParse(value).success
    expect([{ maximum_cost: 1 }, { maximum_cost: 1.5 }].map(takes)).toEqual([true, true])
    expect([{ maximum_cost: 0.9 }, { maximum_costs: 5 }].map(takes)).toEqual([false, false])
    expect(sqlGateOptions.parse({}).maximum_cost).toBe(10_000_000)
  })
})

describe('a policy as it is written', () => {
  it('allows nothing, shows groups of five and keeps a ledger unless it says otherwise', () => {
    expect(sqlPolicyOptions.parse({})).toEqual({
      relations: {},
      row_limit: 10_000,
      maximum_mb: null,
      timeout_ms: null,
      maximum_cost: null,
      functions: [],
      minimum_group_size: 5,
      differencing_ledger: true,
      search_path: ['public'],
    })
  })

  it('denies the columns of a table that it does not name', () => {
    expect(sqlPolicyOptions.parse({ relations: { t: {} } }).relations['t']).toEqual({
      columns: {},
      other_columns: 'deny',
    })
  })

  it.each([
    ['row_limit', 1, 1_000_000],
    ['minimum_group_size', 3, 10_000],
    ['timeout_ms', 10, 2 ** 31 - 1],
  ] as const)('%s lies between %d and %d, and is whole', (name, least, most) => {
    const takes = (value: unknown) => sqlPolicyOptions.safeParse({ [name]: value }).success
    expect([least, most].map(takes)).toEqual([true, true])
    expect([least - 1, most + 1, least + 0.5, String(least)].map(takes)).toEqual([false, false, false, false])
  })

  it.each([
    [{ maximum_mb: 1 / 1024 }, true],
    [{ maximum_mb: 1 / 1025 }, false],
    [{ maximum_cost: 1 }, true],
    [{ maximum_cost: 0.5 }, false],
    [{ relations: { t: '*' } }, true],
    [{ relations: { t: 'all' } }, false],
    [{ relations: { '': '*' } }, false],
    [{ relations: { t: ['id'] } }, true],
    [{ relations: { t: [] } }, false],
    [{ relations: { t: [''] } }, false],
    [{ relations: { t: { columns: { id: 'allow', ssn: 'deny', pay: 'aggregate-only' } } } }, true],
    [{ relations: { t: { columns: { id: 'hide' } } } }, false],
    [{ relations: { t: { columns: { '': 'allow' } } } }, false],
    [{ relations: { t: { columns: { id: { mask: 'hash' } } } } }, true],
    [{ relations: { t: { columns: { id: { mask: 'rot13' } } } } }, false],
    [{ relations: { t: { columns: { id: { mask: 'hash', salt: 'x' } } } } }, false],
    [{ relations: { t: { column: {} } } }, false],
    [{ relations: { t: { entity_key: '' } } }, false],
    [{ relations: { t: { row_key: '' } } }, false],
    [{ functions: [''] }, false],
    [{ search_path: [] }, false],
    [{ search_path: [''] }, false],
    [{ searchpath: ['public'] }, false],
  ])('%j is taken: %s', (written, isTaken) => {
    expect(sqlPolicyOptions.safeParse(written).success).toBe(isTaken)
  })

  it.each(['null', 'hash', 'partial', 'bucket', 'year', 'month'])('masks by %s', (mask) => {
    const written = { relations: { t: { columns: { c: { mask } } } } }
    expect(sqlPolicyOptions.safeParse(written).success).toBe(true)
  })
})
