import { describe, expect, it } from 'vitest'
import { grantScript } from '../../../src/databases/postgres/grant-script.ts'

const options = {
  role: 'ana"lyst',
  database: 'shop',
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

  it('takes from PUBLIC what every role would have', () => {
    expect(script).toContain('REVOKE ALL ON DATABASE "shop" FROM PUBLIC;')
    expect(script).toContain('REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA "sales" FROM PUBLIC')
  })

  it('limits transactions in total only where the server can', () => {
    expect(script).not.toContain("transaction_timeout = '9")
    expect(grantScript({ ...options, major: 17 })).toContain("SET transaction_timeout = '90000ms'")
  })
})
