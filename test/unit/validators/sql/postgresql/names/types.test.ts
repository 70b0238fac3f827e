import { expect, it } from 'vitest'
import { bindPolicy } from '../../../../../../src/validators/sql/bind-policy.ts'
import { sqlPolicyOptions } from '../../../../../../src/validators/sql/options.ts'
import { namesObjects, strangeTypes } from '../../../../../../src/validators/sql/postgresql/names/types.ts'
import { shopCatalog } from '../../../../../support/sql/mysql-gate.ts'

const relations = { orders: '*', customers: '*' }
const bound = bindPolicy(sqlPolicyOptions.parse({ search_path: ['shop'], relations }), shopCatalog)
const policy = { ...bound, searchPath: ['public'], types: ['public.mood', 'public."Size"', 'other.tag'] }

it.each([
  ['pg_catalog.int4', true],
  ['pg_catalog._text', true],
  ['pg_catalog.unknown', true],
  ['pg_catalog.void', true],
  ['pg_catalog.anyarray', true],
  ['pg_catalog.regconfig', true],
  ['pg_catalog.regtype', true],
  ['pg_catalog.regclass', true],
  ['pg_catalog.regrole', false],
  ['pg_catalog.xml', false],
  ['pg_catalog.pg_authid', false],
  ['public.mood', true],
  ['public._mood', true],
  ['public.Size', true],
  ['other.tag', true],
  ['other.mood', false],
  ['public.orders', true],
  ['public.secrets', false],
  ['', false],
])('holds the type %s for known: %s', (type, isKnown) => {
  expect(strangeTypes([type], ['public.orders'], policy)).toEqual(isKnown ? [] : [type])
})

it('sees whether a literal may be the name of an object', () => {
  expect(namesObjects({ types: ['pg_catalog.int4', 'pg_catalog.regclass'] } as never)).toBe(true)
  expect(namesObjects({ types: ['pg_catalog._regtype'] } as never)).toBe(true)
  expect(namesObjects({ types: ['pg_catalog.text', 'public.regclass'] } as never)).toBe(false)
  expect(namesObjects({} as never)).toBe(false)
})
