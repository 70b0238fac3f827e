import { describe, expect, it } from 'vitest'
import { grantScript } from '../../../../src/databases/postgres/grant-script.ts'

const options = {
  role: 'ana"lyst',
  database: 'shop',
  functions: ['geo.distance(numeric, numeric)', 'public.sum(text)'],
  relations: { 'public.orders': ['id', 'the "total"'], 'sales.targets': '*' },
  connections: 5,
  timeoutMilliseconds: 30_000,
  major: 16,
} as const

describe('the script that makes the role', () => {
  const script = grantScript(options)

  it('grants columns where columns are named and the whole relation where not', () => {
    expect(script).toContain('GRANT SELECT ("id", "the ""total""") ON "public"."orders" TO "ana""lyst";')
    expect(script).toContain('GRANT SELECT ON "sales"."targets" TO "ana""lyst";')
  })

  it('W5: lets the role run the functions of the policy, in schemas it may use', () => {
    expect(script).toContain('GRANT EXECUTE ON FUNCTION "geo"."distance"(numeric, numeric) TO "ana""lyst";')
    expect(script).toContain('GRANT EXECUTE ON FUNCTION "public"."sum"(text) TO "ana""lyst";')
    expect(script).toContain('GRANT USAGE ON SCHEMA "geo" TO "ana""lyst";')
    expect(script).toContain('GRANT USAGE ON SCHEMA "public" TO "ana""lyst";')
  })

  it('W5: says at its top what it takes from PUBLIC', () => {
    const [top] = script.split('BEGIN;')
    expect(top).toContain('It takes from PUBLIC')
    expect(top).toContain('database shop: to connect and to make temporary tables')
    expect(top).toContain('schemas public, sales, geo: to use them')
  })

  it.each(['distance(numeric)', 'geo.distance(numeric); DROP TABLE x; --)', "geo.d('x')", 'geo.d'])(
    'takes no other form of a function: %s',
    (signature) => {
      expect(() => grantScript({ ...options, functions: [signature] })).toThrow('is not of the form')
    },
  )

  it('takes from PUBLIC what every role would have', () => {
    expect(script).toContain('REVOKE ALL ON DATABASE "shop" FROM PUBLIC;')
    expect(script).toContain('REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA "sales" FROM PUBLIC')
  })

  it('limits transactions in total only where the server can', () => {
    expect(script).not.toContain("transaction_timeout = '9")
    expect(grantScript({ ...options, major: 17 })).toContain("SET transaction_timeout = '90000ms'")
  })
})
