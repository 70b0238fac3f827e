import { PGlite } from '@electric-sql/pglite'
import { describe, expect, it } from 'vitest'
import {
  reviewedNames,
  selectFunctions,
  setReturningNames,
  type ServerFunction,
} from '../../src/validators/sql/postgresql/functions/function-families.ts'
import { builtInFunctions, reviewedMajors } from '../../src/validators/sql/postgresql/functions/function-list.ts'
import { steadyNames, unsteady } from '../../src/validators/sql/postgresql/functions/steady-functions.ts'
import { serverFunctions } from '../support/sql/server-functions.ts'
import { verifies } from '../support/verifies.ts'

function listOf(major: number): Record<string, string[]> {
  return Object.fromEntries([...builtInFunctions(major)].map(([name, overloads]) => [name, [...overloads]]))
}

describe('the list of allowed functions', () => {
  it('is what the reviewed names select on a server of the version', async () => {
    await using server = await PGlite.create()
    const { rows } = await server.query<ServerFunction>(serverFunctions)
    expect(listOf(18)).toEqual(selectFunctions(rows))
  })

  it('L1: knows which of them return several rows', async () => {
    await using server = await PGlite.create()
    const { rows } = await server.query<ServerFunction & { returnsSet: boolean }>(serverFunctions)
    const names = new Set(
      rows.filter(({ name, returnsSet }) => returnsSet && reviewedNames.includes(name)).map(({ name }) => name),
    )
    expect([...names].sort()).toEqual([...setReturningNames].sort())
  })

  it('L2: calls steady none of them that the catalog calls volatile, and nothing that is not there', async () => {
    await using server = await PGlite.create()
    const { rows } = await server.query<ServerFunction & { volatility: string }>(serverFunctions)
    const signature = ({ name, arguments: types }: ServerFunction): string => `pg_catalog.${name}(${types})`
    const volatile = rows.filter(({ volatility }) => volatility === 'v').map(signature)
    expect(unsteady(volatile)).toEqual(volatile)
    const stable = rows.filter(({ volatility }) => volatility === 's').map(signature)
    const allowed = stable.filter((item) => unsteady([item]).length === 0)
    expect(
      allowed.filter((item) =>
        /clock|statement|size|snapshot|txid|xact|stat_|timestamp_in|time_in|random|_to_record/.test(item),
      ),
    ).toEqual([])
    expect(steadyNames.filter((name) => !stable.some((item) => item.startsWith(`pg_catalog.${name}(`)))).toEqual([])
  })

  it.each(reviewedMajors)('holds nothing of version %i that reads, waits, locks, writes or runs SQL', (major) => {
    verifies('gate.reviewed-functions')
    const names = Object.keys(listOf(major))
    const dangerous =
      /^(lo_|dblink|query_to|table_to|schema_to|database_to|cursor_to|txid_|pg_(?!typeof$|size_pretty$|column_size$|relation_size$|table_size$|indexes_size$|total_relation_size$)|set_config|current_setting|nextval|setval|currval|lastval|setseed|has_|to_reg|ts_stat|ts_rewrite|inet_(server|client)|current_(user|database|schema|query)|session_user|xml|xpath|obj_description|col_description|format_type|loread|lowrite|binary_upgrade|json_populate|jsonb_populate)/
    expect(names.filter((name) => dangerous.test(name))).toEqual([])
    expect(names.length).toBeGreaterThan(1_000)
  })

  it('has no function that takes the name or number of an object, but for the sizes of tables', () => {
    const objects = Object.entries(listOf(18)).flatMap(([name, overloads]) =>
      overloads.filter((types) => /\b(reg\w+|oid|cstring|internal)\b/.test(types)).map((types) => `${name}(${types})`),
    )
    expect(objects.filter((signature) => !/regconfig|regdictionary/.test(signature))).toEqual([
      'pg_indexes_size(regclass)',
      'pg_relation_size(regclass)',
      'pg_table_size(regclass)',
      'pg_total_relation_size(regclass)',
    ])
  })
})
