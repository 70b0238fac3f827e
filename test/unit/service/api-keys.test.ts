import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeyKeeper } from '../../../src/service/api-keys.ts'
import { createKeyStore } from '../../../src/gateway/authenticate/keys.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const keeper = () => createKeyKeeper(createKeyStore({ path: join(folder, 'keys.json') }), ['operator', 'finance'])

describe('the keeper of the keys', () => {
  it('makes keys of groups that there are, and lists them without the keys', async () => {
    const { key, file, ...facts } = await keeper().create({ name: 'alice', group: 'finance' })
    expect({ key, file }).toEqual({ key: expect.stringMatching(/^sp-/), file: join(folder, 'keys.json') })
    expect(facts).toEqual({ id: expect.any(String), name: 'alice', group: 'finance', created: expect.any(String) })
    expect(await keeper().list()).toEqual([facts])
    expect(await keeper().show(facts.id)).toEqual(facts)
  })

  it.each([
    [{ name: 'alice', group: 'nobody' }, 'There is no group "nobody".'],
    [{ name: ' ', group: 'finance' }, 'has 1 to 100 characters'],
    [{ name: 'x'.repeat(101), group: 'finance' }, 'has 1 to 100 characters'],
  ])('makes none of %j, and the file is as it was', async (request, message) => {
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
    expect(made).toMatchObject({ name: 'alice', group: 'finance', file: old.file })
    expect(made.key).not.toBe(old.key)
    expect((await keeper().list()).map(({ id }) => id)).toEqual([made.id])
    await expect(keeper().show(old.id)).rejects.toMatchObject({ code: 'not-found' })
    await expect(keeper().rotate(old.id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('leaves a key whose group is none any more, since no key of that group can be made', async () => {
    const old = await keeper().create({ name: 'alice', group: 'finance' })
    const store = createKeyStore({ path: join(folder, 'keys.json') })
    await expect(createKeyKeeper(store, ['operator']).rotate(old.id)).rejects.toThrow('There is no group "finance".')
    expect((await keeper().list()).map(({ id }) => id)).toEqual([old.id])
  })
})
