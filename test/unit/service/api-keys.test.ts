import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createKeyKeeper } from '../../../src/service/api-keys.ts'
import { createKeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { openTemporaryStorage } from '../../support/storage/open-temporary.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

let folder: string
let storage: ReturnType<typeof openTemporaryStorage>
beforeEach(() => {
  folder = temporaryFolder('sallyport-keys-')
  storage = openTemporaryStorage(folder)
})

const store = () => createKeyStore({ storage: () => storage })
const keeper = () => createKeyKeeper(store(), ['operator', 'finance'])

describe('the keeper of the keys', () => {
  it('makes keys of groups that there are, and lists them without the keys', async () => {
    const { key, place, ...facts } = await keeper().create({ name: 'alice', group: 'finance' })
    expect({ key, place }).toEqual({ key: expect.stringMatching(/^sp-/), place: join(folder, 'sallyport.db') })
    expect(facts).toEqual({
      id: expect.any(String),
      name: 'alice',
      group: 'finance',
      created: expect.any(String),
      state: 'active',
      scopes: ['ask', 'models', 'sql', 'execute', 'sessions', 'privacy', 'metrics'],
      expires: null,
      lastUsed: null,
      replacedBy: null,
    })
    expect(await keeper().list()).toEqual([facts])
    expect(await keeper().show(facts.id)).toEqual(facts)
  })

  it.each([
    [{ name: 'alice', group: 'nobody' }, 'There is no group "nobody".'],
    [{ name: ' ', group: 'finance' }, 'has 1 to 100 characters'],
    [{ name: 'x'.repeat(101), group: 'finance' }, 'has 1 to 100 characters'],
    [{ name: 'a\u0000b', group: 'finance' }, 'that can be shown'],
    [{ name: 'a\u001b[2J', group: 'finance' }, 'that can be shown'],
    [{ name: 'a\ud800', group: 'finance' }, 'that can be shown'],
  ])('makes none of %j, and those there are stay', async (request, message) => {
    await keeper().create({ name: 'first', group: 'finance' })
    await expect(keeper().create(request)).rejects.toThrow(message)
    expect(await keeper().list()).toHaveLength(1)
  })

  it('revokes what is there, and says so of what is not', async () => {
    await keeper().create({ name: 'alice', group: 'finance' })
    const [listed] = await keeper().list()
    await keeper().revoke(listed?.id ?? '')
    await expect(keeper().revoke(listed?.id ?? '')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('rotates a key: the new one has the name and the group, the old one is gone', async () => {
    const old = await keeper().create({ name: 'alice', group: 'finance' })
    const made = await keeper().rotate(old.id)
    expect(made).toMatchObject({ name: 'alice', group: 'finance', place: old.place })
    expect(made.key).not.toBe(old.key)
    expect((await keeper().list()).map(({ id }) => id)).toEqual([made.id])
    await expect(keeper().show(old.id)).rejects.toMatchObject({ code: 'not-found' })
    await expect(keeper().rotate(old.id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('makes no key that would never count, and replaces none twice', async () => {
    verifies('keys.overlap')
    const over = { until: '2020-01-01T00:00:00.000Z' }
    const created = keeper().create({ name: 'late', group: 'finance', expires: over })
    await expect(created).rejects.toThrow('A key that expires at 2020-01-01T00:00:00.000Z would never count.')
    const old = await keeper().create({ name: 'alice', group: 'finance' })
    await expect(keeper().rotate(old.id, { expires: over })).rejects.toThrow('would never count')
    const made = await keeper().rotate(old.id, { overlapMilliseconds: 60_000 })
    expect(await keeper().show(old.id)).toMatchObject({ state: 'active', replacedBy: made.id })
    await expect(keeper().rotate(old.id)).rejects.toThrow(`The key was replaced by ${made.id} before.`)
    expect(await keeper().list()).toHaveLength(2)
  })

  it('leaves a key whose group is none any more, since no key of that group can be made', async () => {
    const old = await keeper().create({ name: 'alice', group: 'finance' })
    await expect(createKeyKeeper(store(), ['operator']).rotate(old.id)).rejects.toThrow('There is no group "finance".')
    expect((await keeper().list()).map(({ id }) => id)).toEqual([old.id])
  })
})
