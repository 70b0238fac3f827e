import { describe, expect, it } from 'vitest'
import { makeGrantScript } from '../../../src/sources/grant-script.ts'
import type { Sources } from '../../../src/sources/sources.ts'
import { createConfigSchema } from '../../../src/config/schema.ts'
import type { Catalog } from '../../../src/core/catalog.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const never = new AbortController().signal
const url = 'postgresql://reader:hunter2@replica.example:5432/shop%20data'

const column = (name: string) => ({ name, type: 'text', nullable: true, comment: null })
const relation = (schema: string, name: string, columns: readonly string[]) => ({
  schema,
  name,
  kind: 'table' as const,
  columns: columns.map(column),
  comment: null,
  estimatedRows: null,
})
const catalog: Catalog = {
  dialect: { name: 'postgresql', major: 17 },
  relations: [
    relation('public', 'orders', ['id', 'total']),
    relation('public', 'staff', ['id', 'name', 'salary', 'password']),
    relation('sales', 'leads', ['id', 'mail']),
  ],
  fingerprint: 'f',
  schemaStatements: [],
}

function script(
  policies: object,
  given: { readonly catalog?: Catalog | null; readonly source?: string | null; readonly role?: string | null } = {},
) {
  const config = createConfigSchema(temporaryFolder('sallyport-grant-'), '/secrets').parse({
    sources: {
      shop: { database: { kind: 'sample' } },
      warehouse: { database: { kind: 'postgresql', url, connections: 7 }, policies },
    },
  })
  const known = given.catalog === undefined ? catalog : given.catalog
  const sources = {
    database: () => ({
      catalog: () =>
        known === null
          ? Promise.reject(new ServiceError('database-unavailable', 'nobody answers'))
          : Promise.resolve(known),
    }),
  } as unknown as Sources
  const request = { source: given.source ?? null, role: given.role ?? null }
  return makeGrantScript({ config, sources }, request, never)
}

const grants = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('GRANT SELECT'))

describe('the script for a role', () => {
  it('grants what any group may use in any way, and nothing that all deny', async () => {
    const made = await script({
      default: { relations: { orders: ['id'], staff: { columns: { name: { mask: 'hash' } } } } },
      board: {
        relations: {
          orders: ['total'],
          staff: { columns: { salary: 'aggregate-only', password: 'deny' }, entity_key: 'id' },
        },
      },
    })
    expect(grants(made.script)).toEqual([
      'GRANT SELECT ("id", "total") ON "public"."orders" TO "reader";',
      'GRANT SELECT ("name", "id", "salary") ON "public"."staff" TO "reader";',
    ])
    expect(made.notes).toEqual([])
  })

  it('takes the role, the database and the connections from the address, and never the password', async () => {
    const { script: text } = await script({ default: { relations: { orders: '*' } } })
    expect(text).toContain('CREATE ROLE "reader"')
    expect(text).toContain('GRANT CONNECT ON DATABASE "shop data" TO "reader"')
    expect(text).toContain('CONNECTION LIMIT 7')
    expect(text).toContain('transaction_timeout')
    expect(text).not.toContain('hunter2')
  })

  it('makes the role that is named, however it is spelled', async () => {
    const { script: text } = await script({ default: { relations: { orders: '*' } } }, { role: 'x"; DROP ROLE y; --' })
    expect(text).toContain('CREATE ROLE "x""; DROP ROLE y; --"')
  })

  it('asks the server which columns are left when a policy denies some and allows the others', async () => {
    const policies = { default: { relations: { staff: { columns: { password: 'deny' }, other_columns: 'allow' } } } }
    expect(grants((await script(policies)).script)).toEqual([
      'GRANT SELECT ("id", "name", "salary") ON "public"."staff" TO "reader";',
    ])
    await expect(script(policies, { catalog: null })).rejects.toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('sources.warehouse.policies.default.relations.staff') as string,
    })
  })

  it('is made from the policies alone while there is no role to ask with, and says so', async () => {
    const policies = { default: { relations: { orders: ['id'], 'sales.leads': '*' } } }
    const { script: text, notes } = await script(policies, { catalog: null })
    expect(grants(text)).toEqual([
      'GRANT SELECT ("id") ON "public"."orders" TO "reader";',
      'GRANT SELECT ON "sales"."leads" TO "reader";',
    ])
    expect(text).not.toContain('transaction_timeout')
    expect(notes[0]).toContain('nobody answers')
  })

  it('names what a policy has wrong, with where it stands', async () => {
    await expect(script({ board: { relations: { ordres: '*', orders: ['totl'] } } })).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(
        /sources\.warehouse\.policies\.board: .*"ordres".*is it ".*orders"\?.*"totl"/,
      ) as string,
    })
  })

  it.each([
    ['shop', 'invalid-request', 'the sample shop'],
    ['nowhere', 'not-found', 'there is no data source "nowhere"'],
  ])('is not made for %s', async (source, code, message) => {
    await expect(script({ default: { relations: { orders: '*' } } }, { source })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    })
  })

  it('is not made where no policy says what may be read', async () => {
    await expect(script({})).rejects.toMatchObject({ code: 'invalid-request' })
  })
})
