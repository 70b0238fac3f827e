import { expect, it } from 'vitest'
import { steadyNames, unsteady } from '../../../../../../src/validators/sql/postgresql/functions/steady-functions.ts'

it('takes none but the reviewed built-in functions for steady', () => {
  const reviewed = steadyNames.map((name) => `pg_catalog.${name}(text)`)
  expect(reviewed.length).toBeGreaterThan(10)
  expect(unsteady(reviewed)).toEqual([])
  const others = [
    'pg_catalog.random()',
    'pg_catalog.clock_timestamp()',
    'public.date_in(cstring)',
    'date_in(cstring)',
    '',
  ]
  expect(unsteady([...reviewed, ...others])).toEqual(others)
})
