import { expect, it } from 'vitest'
import { bindPolicy } from '../../../../../../src/validators/sql/bind-policy.ts'
import { sqlPolicyOptions } from '../../../../../../src/validators/sql/options.ts'
import { checkTypes, namesObjects, strangeTypes } from '../../../../../../src/validators/sql/postgresql/names/types.ts'
import { shopCatalog } from '../../../../../support/sql/mysql-gate.ts'
import { visitsOf } from '../../../../../support/sql/visits.ts'

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

it.each([
  ['varchar(65535)', null],
  ['varchar(65536)', 'A length of 65536 is too large for varchar; at most 65535 is allowed.'],
  ['bit(65536)', 'A length of 65536 is too large for bit; at most 65535 is allowed.'],
  ['varbit(70000)', 'A length of 70000 is too large for varbit; at most 65535 is allowed.'],
  ['char(70000)', 'A length of 70000 is too large for bpchar; at most 65535 is allowed.'],
  ['"char"', null],
  ['text[]', null],
  ['numeric(70000)', null],
  ['xml', 'The type "xml" is not allowed. Use a plain type such as integer, numeric, text, date or timestamptz.'],
])('lets a value be cast to %s: %s', (type, message) => {
  const findings = checkTypes(visitsOf(`SELECT a::${type} FROM t`), policy)
  expect(findings.map((finding) => finding.message)).toEqual(message === null ? [] : [message])
})

it.each([
  ["'english'::regconfig", true],
  ["'english'::pg_catalog.regconfig", true],
  ["'english'::public.regconfig", false],
  ["'{english}'::regconfig[]", false],
  ['a::regconfig', false],
  ['1::regconfig', false],
  ["'orders'::regclass", false],
])('lets a literal, and nothing else, name how text is searched: %s', (expression, isAllowed) => {
  const findings = checkTypes(visitsOf(`SELECT ${expression} FROM t`), policy)
  expect(findings.map(({ rule }) => rule)).toEqual(isAllowed ? [] : ['sql/type-not-allowed'])
})

it('sees whether a literal may be the name of an object', () => {
  expect(namesObjects({ types: ['pg_catalog.int4', 'pg_catalog.regclass'] } as never)).toBe(true)
  expect(namesObjects({ types: ['pg_catalog._regtype'] } as never)).toBe(true)
  expect(namesObjects({ types: ['pg_catalog.text', 'public.regclass'] } as never)).toBe(false)
  expect(namesObjects({} as never)).toBe(false)
})
