import { describe, expect, it } from 'vitest'
import { refuseSharedLedgers } from '../../../src/sources/shared-ledgers.ts'
import type { SourcesConfig } from '../../../src/sources/options.ts'
import { Secret } from '../../../src/core/secret.ts'
import { bindPolicy } from '../../../src/validators/sql/bind-policy.ts'
import { sqlPolicyOptions } from '../../../src/validators/sql/options.ts'
import { createFakeCatalog } from '../../support/sql/fake-shadow.ts'
import { verifies } from '../../support/verifies.ts'

const tables = createFakeCatalog({
  staff: { id: 'integer', pay: 'numeric' },
  staff_north: { id: 'integer', pay: 'numeric' },
  payments: { id: 'integer', amount: 'numeric' },
  seen: { id: 'integer', pay: 'numeric' },
})
const [staff, north, payments, seen] = tables.relations
const catalog = {
  ...tables,
  relations: [
    staff,
    north === undefined ? north : { ...north, parents: ['public.staff'] },
    payments,
    seen === undefined ? seen : { ...seen, kind: 'view' as const },
  ].filter((relation) => relation !== undefined),
}
const guarded = (column: string) => ({
  columns: { [column]: 'aggregate-only' },
  other_columns: 'allow',
  entity_key: 'id',
})
const pay = { relations: { staff: guarded('pay') } }
const url = 'postgresql://analyst:harmless@db.example.org/company'

type Policies = Readonly<Record<string, object>>

/** What is said when the group `hr` asks `one`, beside another source. */
function said(
  other: Policies,
  at: readonly string[] = [url],
  own: Policies = { default: pay },
  identities: ReadonlyMap<string, readonly string[]> = new Map(),
): string | null {
  const source = (urls: readonly string[], policies: Policies) => {
    const [first = '', ...further] = urls
    const database = { kind: 'postgresql', url: new Secret(first), further_urls: further.map((one) => new Secret(one)) }
    const parsed = Object.entries(policies).map(([group, policy]) => [group, sqlPolicyOptions.parse(policy)])
    return { database, policies: Object.fromEntries(parsed) }
  }
  const sources = { one: source([url], own), other: source(at, other) }
  const policy = bindPolicy(sqlPolicyOptions.parse(own['hr'] ?? own['default']), catalog)
  try {
    const config = { sources } as unknown as SourcesConfig
    refuseSharedLedgers({ config, catalog, policy, name: 'one', group: 'hr', identities })
    return null
  } catch (thrown) {
    return String(thrown)
  }
}

describe('two sources over one database', () => {
  it('are refused where they give the same callers the same aggregate-only columns', () => {
    verifies('ledger.two-sources')
    expect(said({ default: pay })).toContain(
      'sources.one and sources.other are the same database, and both give the group "hr" aggregate-only columns of "public.staff"',
    )
    expect(said({ hr: pay })).toContain('sources.other')
    expect(said({ default: { relations: { 'public.staff': guarded('pay'), payments: '*' } } })).toContain(
      'public.staff',
    )
  })

  it.each([
    ['a partition of the table', { relations: { staff_north: guarded('pay') } }],
    ['a view, which may have the same values', { relations: { seen: guarded('pay') } }],
  ])('are refused where the other one guards %s', (_claim, policy) => {
    expect(said({ default: policy })).toContain('sources.other')
  })

  it('are known by what their servers say they hold, whatever name, proxy or standby they were reached by', () => {
    verifies('ledger.two-sources')
    const at = ['postgresql://analyst@10.0.0.7:6432/company']
    const saying = (one: readonly string[], other: readonly string[]) =>
      said({ default: pay }, at, { default: pay }, new Map(Object.entries({ one, other })))
    expect(saying(['7301/5'], ['7301/5'])).toContain('sources.one and sources.other are the same database')
    expect(saying(['7300/5', '7301/5'], ['7301/5'])).toContain('sources.other')
    expect(saying(['7301/5'], ['7301/6'])).toBeNull()
    expect(saying(['7301/5'], [])).toBeNull()
    expect(saying([], [])).toBeNull()
  })

  it.each([
    ['another role', ['postgresql://other:secret@db.example.org/company']],
    ['the port written out', ['postgresql://analyst@DB.example.org:5432/company?sslmode=require']],
    ['the host as a parameter', ['postgresql:///company?host=db.example.org']],
    ['a replica among others', ['postgresql://a@elsewhere/company', 'postgresql://a@db.example.org/company']],
  ])('are known by their addresses: %s', (_claim, urls) => {
    expect(said({ default: pay }, urls)).toContain('sources.other')
  })

  it.each([
    ['another database', { default: pay }, ['postgresql://a@db.example.org/shop']],
    ['another port', { default: pay }, ['postgresql://a@db.example.org:5433/company']],
    ['other tables', { default: { relations: { payments: guarded('amount') } } }, [url]],
    ['other callers', { finance: pay }, [url]],
    ['the columns denied', { default: { relations: { staff: ['id'] } } }, [url]],
    ['no ledger, knowingly', { default: { ...pay, differencing_ledger: false } }, [url]],
  ])('may stand side by side with %s', (_claim, policies, urls) => {
    expect(said(policies, urls)).toBeNull()
  })
})
