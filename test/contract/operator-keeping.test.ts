import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeFirstKey } from '../../src/compose/first-key.ts'
import { openAuditedKeys } from '../../src/compose/key-keeping.ts'
import { onTrail } from '../../src/compose/on-trail.ts'
import { openLimitKeeper } from '../../src/compose/limit-keeping.ts'
import { createShareKeeper } from '../../src/compose/share-keeping.ts'
import { openSuspensionKeeper } from '../../src/compose/suspension-keeping.ts'
import { createConfigSchema, type Config } from '../../src/config/schema.ts'
import type { Secret } from '../../src/core/secret.ts'
import { openKeyRing } from '../../src/gateway/privacy/keys/service-key.ts'
import { createKeyStore } from '../../src/gateway/authenticate/keys.ts'
import { tokenPrincipalId } from '../../src/gateway/authenticate/tokens/principal-id.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { Telemetry } from '../../src/telemetry/telemetry.ts'
import { keptShares } from '../support/sharing/kept-share.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

let folder = ''
let config: Config
const configure = (given: object): Config => createConfigSchema(folder, join(folder, 'secrets')).parse(given)
beforeEach(() => {
  folder = temporaryFolder('operator-keeping-')
  config = configure({ telemetry: { log_level: 'silent' } })
})

const facts = () =>
  readFileSync(join(folder, 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { fact: Record<string, unknown> }).fact)
    .filter(({ event }) => event !== 'checkpoint')

describe('what an operator changes on the machine of the service', () => {
  it('is on the trail with the ids of keys, and never a key or the name of whoever has it', async () => {
    verifies('keys.audited')
    await using keys = await openAuditedKeys(config)
    const made = await keys.create({ name: 'alice', group: 'default', scopes: ['admin'] })
    const rotated = await keys.rotate(made.id, { overlapMilliseconds: 60_000 })
    await keys.revoke(made.id)
    await expect(keys.revoke('none')).rejects.toThrow('no key')
    expect(facts()).toMatchObject([
      { event: 'key-create', by: 'local', group: 'default', scopes: ['admin'] },
      { event: 'key-create-end', made: made.id, done: true },
      { event: 'key-rotate', by: 'local', key: made.id, overlapMs: 60_000 },
      { event: 'key-rotate-end', made: rotated.id, done: true },
      { event: 'key-revoke', by: 'local', key: made.id },
      { event: 'key-revoke-end', done: true },
      { event: 'key-revoke', key: 'none' },
      { event: 'key-revoke-end', done: false },
    ])
    const text = readFileSync(join(folder, 'audit.jsonl'), 'utf8')
    for (const secret of [made.key, rotated.key, 'alice']) expect(text).not.toContain(secret)
  })

  it('is on the trail where it is a suspension or its end', async () => {
    verifies('suspensions.commands')
    const principal = tokenPrincipalId('https://issuer.test', 'anna')
    await using suspensions = await openSuspensionKeeper(config)
    const { id } = await suspensions.add({ principal, person: null, note: 'Ann', lasts: null }, 'local')
    await suspensions.lift(id, 'local')
    expect(facts()).toMatchObject([
      { event: 'suspension', principal, reason: 'operator', by: 'local' },
      { event: 'suspension-end', done: true },
      { event: 'suspension-lift', suspension: id, by: 'local' },
      { event: 'suspension-lift-end', done: true },
    ])
  })

  it('is on the trail where it is the end of a share, and so is whoever reads a title, which itself is not', async () => {
    verifies('shares.operators')
    let [id, other] = ['', '']
    {
      await using storage = await openStorage(config, { for: 'service' })
      const kept = keptShares(storage, await openKeyRing(config))
      ;[id, other] = [await kept.keep({ title: 'Salaries' }), await kept.keep({ audience: 'link', group: 'public' })]
    }
    const shares = createShareKeeper(config)
    expect(await shares.read(id)).toMatchObject({ title: 'Salaries', leftOut: 0 })
    await shares.revoke(id)
    expect(await shares.list({}, { most: 9 })).toMatchObject([{ id: other, group: 'public' }])
    await expect(shares.revoke(id)).rejects.toMatchObject({ code: 'not-found' })
    const by = expect.stringMatching(/^cli:/) as string
    expect(facts()).toMatchObject([
      { event: 'share-show', share: id, by },
      { event: 'share-show-end', done: true },
      { event: 'share-revoke', share: id, by },
      { event: 'share-revoke-end', done: true },
      { event: 'share-revoke', share: id, by },
      { event: 'share-revoke-end', done: false },
    ])
    expect(readFileSync(join(folder, 'audit.jsonl'), 'utf8')).not.toContain('Salaries')
    const nowhere = createShareKeeper({
      ...config,
      telemetry: configure({ telemetry: { audit_file: folder } }).telemetry,
    })
    await expect(nowhere.revoke(other)).rejects.toThrow(/is not a regular file/)
    expect(await shares.list({}, { most: 9 })).toMatchObject([{ id: other }])
  })

  it('is not made where the trail cannot be written', async () => {
    verifies('keys.audited')
    await using keys = await openAuditedKeys(config)
    await keys.create({ name: 'first', group: 'default' })
    const before = await keys.list()
    await using broken = await openAuditedKeys(configure({ telemetry: { audit_file: folder } }))
    await expect(broken.create({ name: 'alice', group: 'default' })).rejects.toThrow(/is not a regular file/)
    expect(await keys.list()).toEqual(before)
  })

  it('is refused with what to do where the trail cannot be written, and told where it was too late for that', async () => {
    verifies('keys.audited')
    writeFileSync(join(folder, 'text'), 'x')
    const nowhere = configure({ telemetry: { audit_file: join(folder, 'text', 'audit.jsonl') } })
    const refused = onTrail(nowhere, { event: 'test' }, async () => expect.unreachable())
    await expect(refused).rejects.toMatchObject({
      code: 'service-unavailable',
      advice: expect.stringMatching(/telemetry.audit_file can be written \(E\w+:/) as string,
    })
    const spoil = async () => appendFileSync(join(folder, 'audit.jsonl'), 'no line of a trail\n')
    await expect(onTrail(config, { event: 'test' }, spoil)).rejects.toThrow('It is done, but')
  })

  it('looks at the limits of a caller in the store of the service, and uses nothing of them', async () => {
    verifies('limits.commands')
    await using keys = await openAuditedKeys(config)
    const { id } = await keys.create({ name: 'alice', group: 'default' })
    const limits = [{ per: 'group', unit: 'requests', most: 7, every: '1m' }]
    const service = configure({ gateway: { groups: { default: { tokens_per_day: 9_000, limits } } } })
    await using keeper = await openLimitKeeper(service)
    const set = (await keeper.list()).find(({ group }) => group === 'default')?.limits
    expect(set).toMatchObject([
      { per: 'key', unit: 'runs', window: 'running' },
      { per: 'key', unit: 'tokens', window: 'day', most: 9_000 },
      { per: 'group', unit: 'requests', window: '60s', most: 7 },
    ])
    for (const _ of [1, 2]) {
      const { group, limits: standing } = await keeper.show({ principal: id, group: null, person: null })
      expect(group).toBe('default')
      expect(standing).toMatchObject(set?.map(({ most }) => ({ most, used: 0, held: 0, left: most })) ?? [])
    }
    await expect(keeper.show({ principal: id, group: 'monitoring', person: null })).rejects.toThrow('group default')
    const principal = tokenPrincipalId('https://issuer.test', 'anna')
    await expect(keeper.show({ principal, group: null, person: null })).rejects.toThrow('is not known here')
    const ofToken = await keeper.show({ principal, group: 'default', person: null })
    expect(ofToken.limits).toMatchObject(set?.map(({ most }) => ({ most, left: most })) ?? [])
  })
})

describe('the first key of a storage', () => {
  const group = 'default'
  const keysOf = (storage: Storage) => createKeyStore({ storage: async () => storage })

  it('is on the trail before a start makes it, by its id, and no later start says so again', async () => {
    verifies('keys.first-audited')
    await using storage = await openStorage(config, { for: 'service' })
    const keys = keysOf(storage)
    let key: Secret | null = null
    {
      await using telemetry = new Telemetry(config, [])
      await telemetry.beginService()
      key = await makeFirstKey({ keys, notices: telemetry.notices }, group)
      expect(await makeFirstKey({ keys, notices: telemetry.notices }, group)).toBeNull()
    }
    const [made] = await keys.list()
    expect(facts()).toEqual([
      { event: 'key-create', requestId: expect.any(String) as string, by: 'start', group },
      { event: 'key-create-end', requestId: facts()[0]?.['requestId'], made: made?.id, done: true },
    ])
    expect(key?.reveal()).toMatch(/^sp-/)
    expect(readFileSync(join(folder, 'audit.jsonl'), 'utf8')).not.toContain(key?.reveal())
  })

  it('is made by one of two that start at once, and the trail says which made none', async () => {
    verifies('keys.first-audited')
    await using storage = await openStorage(config, { for: 'service' })
    const keys = keysOf(storage)
    {
      await using telemetry = new Telemetry(config, [])
      await telemetry.beginService()
      const parts = { keys: { ...keys, isEmpty: async () => true }, notices: telemetry.notices }
      const made = [await makeFirstKey(parts, group), await makeFirstKey(parts, group)]
      expect(made.map((key) => key === null)).toEqual([false, true])
    }
    expect(facts().map(({ event, done }) => [event, done])).toEqual([
      ['key-create', undefined],
      ['key-create-end', true],
      ['key-create', undefined],
      ['key-create-end', false],
    ])
  })

  it('is not made where the trail cannot be written', async () => {
    verifies('keys.first-audited')
    await using storage = await openStorage(config, { for: 'service' })
    const keys = keysOf(storage)
    await using telemetry = new Telemetry(config, [])
    await telemetry.beginService()
    appendFileSync(join(folder, 'audit.jsonl'), 'no line of a trail\n')
    await expect(makeFirstKey({ keys, notices: telemetry.notices }, group)).rejects.toMatchObject({
      code: 'service-unavailable',
    })
    expect(await keys.isEmpty()).toBe(true)
  })
})
