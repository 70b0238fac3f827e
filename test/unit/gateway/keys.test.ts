import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { createKeyStore } from '../../../src/gateway/authenticate/keys.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('API keys', () => {
  it('are made at the first start, shown once, and known afterwards', async () => {
    const store = createKeyStore({ path: join(folder, 'state/keys.json') })
    const key = await store.ensureFirst('default')
    expect(key?.reveal()).toMatch(/^sp-[\w-]{43}$/)
    expect(await store.ensureFirst('default')).toBeNull()
    expect(await store.find(key as Secret)).toMatchObject({ kind: 'api-key', group: 'default' })
    expect(await store.find(new Secret('sp-guess'))).toBeNull()
  })

  it('are kept as hashes in a file that only its owner reads', async () => {
    const path = join(folder, 'keys.json')
    const key = await createKeyStore({ path }).create('laptop', 'default')
    expect(await readFile(path, 'utf8')).not.toContain(key.reveal())
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('stop the service when their file is damaged, instead of letting anyone in or making a new one', async () => {
    const path = join(folder, 'keys.json')
    await writeFile(path, '{"version":1,"keys":[{}]}')
    const store = createKeyStore({ path })
    await expect(store.ensureFirst('default')).rejects.toMatchObject({
      code: 'invalid-config',
      message: `The key file ${path} is damaged.`,
    })
    await expect(store.find(new Secret('x'))).rejects.toMatchObject({ code: 'invalid-config' })
  })
})
