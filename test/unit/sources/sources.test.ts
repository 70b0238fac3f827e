import { ignoreActivity } from '../../../src/core/activity.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Catalog } from '../../../src/core/catalog.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { Databases } from '../../../src/sources/databases.ts'
import { Sources } from '../../../src/sources/sources.ts'
import type { Config } from '../../../src/config/schema.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../src/validators/sql/options.ts'
import { vet } from '../../../src/validators/vet.ts'
import { createFakeCatalog, createFakeShadow } from '../../support/sql/fake-shadow.ts'

const never = new AbortController().signal
const limits = { maximumRows: 1, maximumBytes: 1_000, timeoutMilliseconds: 1_000 }
const policies = { default: sqlPolicyOptions.parse({ relations: { orders: '*' } }) }
const config = {
  sql: sqlGateOptions.parse({}),
  sources: { shop: { database: { kind: 'sample' }, policies } },
} as unknown as Config

/** A source whose schema is what the test says, and the shadows that were made and ended for it. */
function fakeDatabases(schema: () => Catalog, more: object = {}) {
  const made: string[] = []
  const ended: string[] = []
  const databases = {
    database: () => ({ catalog: () => Promise.resolve(schema()), ...more }),
    shadow: (catalog: Catalog) => {
      made.push(catalog.fingerprint)
      const end = () => Promise.resolve(ended.push(catalog.fingerprint))
      return { ...createFakeShadow(catalog), [Symbol.asyncDispose]: end }
    },
  }
  return { databases: databases as unknown as Databases, made, ended }
}

describe('two sources whose servers say that they hold one database', () => {
  const pay = { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' }
  const guarded = { default: sqlPolicyOptions.parse({ relations: { staff: pay } }) }
  const at = (host: string) => {
    const url = new Secret(`postgresql://analyst@${host}/company`)
    return { database: { kind: 'postgresql', url, further_urls: [] }, policies: guarded }
  }
  const two = { ...config, sources: { one: at('db.example.org'), other: at('10.0.0.7') } } as unknown as Config

  it.each([
    [['7301/5'], 'sources.one and sources.other are the same database'],
    [['7302/5'], null],
  ])('keep no two ledgers of one secret: the other holds %j', async (theirs, refusal) => {
    const catalog = createFakeCatalog({ staff: { id: 'integer', pay: 'numeric' } })
    const { databases } = fakeDatabases(() => catalog)
    const database = (name: string) => ({
      catalog: async () => catalog,
      prove: async () => ({ identities: name === 'one' ? ['7301/5'] : theirs }),
    })
    const telling = { database, shadow: databases.shadow.bind(databases) } as unknown as Databases
    await using sources = new Sources(two, telling, { onGateEvent: () => undefined, onActivity: ignoreActivity })
    await sources.gate('one', 'default', never)
    for (const name of ['one', 'other']) await sources.database(name).prove(never)
    const opening = sources.gate('one', 'analyst', never)
    if (refusal === null) await opening
    else await expect(opening).rejects.toThrow(refusal)
  })
})

describe('a source that tells how old it is', () => {
  it.each([
    ['tells', { state: async () => ({ asOf: new Date(0), lagMilliseconds: 250 }) }, 250],
    ['does not where its kind does not', {}, undefined],
  ])('%s whoever asks', async (_what, more, lag) => {
    const { databases } = fakeDatabases(() => createFakeCatalog({}), more)
    await using sources = new Sources(config, databases, { onGateEvent: () => undefined, onActivity: ignoreActivity })
    expect((await sources.database('shop').state?.(never))?.lagMilliseconds).toBe(lag)
  })
})

describe('a source whose schema changes', () => {
  afterEach(() => vi.restoreAllMocks())

  it('gets a new shadow and new gates when it is looked at again', async () => {
    const before = createFakeCatalog({ orders: { id: 'integer' } })
    const after = createFakeCatalog({ orders: { id: 'integer', total: 'numeric' } })
    let catalog = before
    const { databases, made, ended } = fakeDatabases(() => catalog)
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    await using sources = new Sources(config, databases, { onGateEvent: () => undefined, onActivity: ignoreActivity })
    const first = await sources.gate('shop', 'analyst', never)
    catalog = after
    clock.mockReturnValue(59_000)
    expect((await sources.gate('shop', 'analyst', never)).gate).toBe(first.gate)
    clock.mockReturnValue(61_000)
    const second = await sources.gate('shop', 'analyst', never)
    expect(second.gate).not.toBe(first.gate)
    expect(second.catalog).toBe(after)
    expect({ made, ended }).toEqual({ made: [before.fingerprint, after.fingerprint], ended: [before.fingerprint] })
  })

  it('L4: is looked at again when a database tells that tables were attached, and at no other refusal', async () => {
    const before = createFakeCatalog({ orders: { id: 'integer' } })
    const after = createFakeCatalog({ orders: { id: 'integer', total: 'numeric' } })
    let catalog = before
    let said = '[sql/differencing]'
    const query = (): Promise<never> => Promise.reject(new ServiceError('refused', said))
    const { databases } = fakeDatabases(() => catalog, { query })
    vi.spyOn(performance, 'now').mockReturnValue(0)
    await using sources = new Sources(config, databases, { onGateEvent: () => undefined, onActivity: ignoreActivity })
    const statement = vet('sql', 'SELECT 1', { source: 'shop', relations: [], columns: [], functions: [], rowLimit: 1 })
    const ask = () => sources.database('shop').query(statement, limits, never)
    expect((await sources.gate('shop', 'analyst', never)).catalog).toBe(before)
    catalog = after
    await expect(ask()).rejects.toThrow('differencing')
    expect((await sources.gate('shop', 'analyst', never)).catalog).toBe(before)
    said = 'Tables were attached. [sql/schema-changed]'
    await expect(ask()).rejects.toThrow('attached')
    expect((await sources.gate('shop', 'analyst', never)).catalog).toBe(after)
  })

  it('keeps them where nothing changed', async () => {
    const { databases, made } = fakeDatabases(() => createFakeCatalog({ orders: { id: 'integer' } }))
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    await using sources = new Sources(config, databases, { onGateEvent: () => undefined, onActivity: ignoreActivity })
    const first = await sources.gate('shop', 'analyst', never)
    clock.mockReturnValue(120_000)
    expect((await sources.gate('shop', 'analyst', never)).gate).toBe(first.gate)
    expect(made).toHaveLength(1)
  })
})

describe('a source over a database that another source is over too', () => {
  const database = { kind: 'postgresql', url: new Secret('postgresql://a@db.example.org/shop'), further_urls: [] }
  const guarded = { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' }
  const secret = { default: sqlPolicyOptions.parse({ relations: { staff: guarded } }) }
  const over = (sources: object): Config => ({ ...config, sources }) as unknown as Config
  const catalog = createFakeCatalog({ staff: { id: 'integer', pay: 'numeric' } })

  it('is not opened where both have the same aggregate-only columns, so that one ledger holds every answer', async () => {
    const { databases } = fakeDatabases(() => catalog)
    const both = over({ shop: { database, policies: secret }, again: { database, policies: secret } })
    const told = { onGateEvent: () => undefined, onActivity: ignoreActivity }
    await using sources = new Sources(both, databases, told)
    await expect(sources.gate('shop', 'analyst', never)).rejects.toThrow('sources.shop and sources.again are the same')
    await expect(sources.gate('again', 'analyst', never)).rejects.toThrow('sources.again and sources.shop are the same')
    await using alone = new Sources(over({ shop: { database, policies: secret } }), databases, told)
    await expect(alone.gate('shop', 'analyst', never)).resolves.toMatchObject({ catalog })
  })
})
