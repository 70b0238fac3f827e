import { describe, expect, it } from 'vitest'
import type { Resolution } from '../../../../../../src/core/catalog.ts'
import { keyFunction } from '../../../../../../src/validators/sql/postgresql/columns/audit-columns.ts'
import { unsteadyRows } from '../../../../../../src/validators/sql/postgresql/columns/unsteady-rows.ts'
import type { SqlPolicy } from '../../../../../../src/validators/sql/policy.ts'

const random = 'pg_catalog.random()'

/** Why the rows of an audit could be others, with these functions of its own and of a view that it reads. */
function reason(changing: readonly string[] | undefined, ofView: readonly string[] | null = null): string | null {
  const view = { view: { definitions: [], changing: ofView } }
  const policy = { relations: new Map([['public.v', ofView === null ? {} : view]]) } as unknown as SqlPolicy
  const resolution = { relations: ['public.v'], columns: [], functions: [], output: [] } satisfies Resolution
  return unsteadyRows(changing === undefined ? resolution : { ...resolution, changing }, policy)
}

describe('the rows of an audit', () => {
  it('are the same when they are asked for again where nothing changes', () => {
    expect(reason([])).toBeNull()
    expect(reason([], [])).toBeNull()
    expect(reason([keyFunction])).toBeNull()
  })

  it('may be others by a function of the statement, or of a view that it reads', () => {
    expect(reason([random])).toContain('chosen by random(), which may answer otherwise when it is asked again')
    expect(reason([keyFunction, random])).toContain('random()')
    expect(reason([], [random])).toContain('random()')
    expect(reason([], ['public.own(integer)'])).toContain('public.own(integer)')
  })

  it('may be others where the analyzer does not tell what its functions are', () => {
    expect(reason(undefined)).toContain('chosen by a function, which')
  })
})
