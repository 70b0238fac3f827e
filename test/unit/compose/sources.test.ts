import { ignoreActivity } from '../../../src/core/activity.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Catalog } from '../../../src/core/catalog.ts'
import type { Databases } from '../../../src/compose/databases.ts'
import { Sources } from '../../../src/compose/sources.ts'
import type { Config } from '../../../src/config/schema.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../src/validators/sql/options.ts'
import { createFakeCatalog, createFakeShadow } from '../../support/fake-shadow.ts'

const never = new AbortController().signal
const policies = { default: sqlPolicyOptions.parse({ relations: { orders: '*' } }) }
const config = {
  sql: sqlGateOptions.parse({}),
  sources: { shop: { database: { kind: 'sample' }, policies } },
} as unknown as Config

/** A source whose schema is what the test says, and the shadows that were made and ended for it. */
function fakeDatabases(schema: () => Catalog) {
  const made: string[] = []
  const ended: string[] = []
  const databases = {
    database: () => ({ catalog: () => Promise.resolve(schema()) }),
    shadow: (catalog: Catalog) => {
      made.push(catalog.fingerprint)
      const end = () => Promise.resolve(ended.push(catalog.fingerprint))
      return { ...createFakeShadow(catalog), [Symbol.asyncDispose]: end }
    },
  }
  return { databases: databases as unknown as Databases, made, ended }
}

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
