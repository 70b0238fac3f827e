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
    const { key, file } = await keeper().create({ name: 'alice', group: 'finance' })
    expect({ key, file }).toEqual({ key: expect.stringMatching(/^sp-/), file: join(folder, 'keys.json') })
    const [listed, ...others] = await keeper().list()
    expect(others).toEqual([])
    expect(listed).toEqual({ id: expect.any(String), name: 'alice', group: 'finance', created: expect.any(String) })
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
})
