import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { privacyOptions } from '../../../../../src/gateway/privacy/profiles/options.ts'
import { openGivenKeyRing, openKeyRing, openServiceKey } from '../../../../../src/gateway/privacy/keys/service-key.ts'
import { KeyRing } from '../../../../../src/sealed/key-ring.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

const config = (privacy: object, folder = temporaryFolder('service-key-')) => ({
  privacy: privacyOptions.parse(privacy),
  secrets_directory: folder,
})

describe('the key of the tokens', () => {
  it('is that of the configuration, where it has one, and no file is made', async () => {
    const given = config({ key: 'AB'.repeat(32) })
    expect(await openServiceKey(given)).toEqual(Buffer.alloc(32, 0xab))
    expect(readdirSync(given.secrets_directory)).toEqual([])
  })

  it('is else that of its file, which is made once', async () => {
    const given = config({})
    const key = await openServiceKey(given)
    expect(readFileSync(join(given.secrets_directory, 'privacy.key'), 'utf8')).toBe(`${key.toString('hex')}\n`)
    expect(await openServiceKey(given)).toEqual(key)
    expect(await openServiceKey(config({}))).not.toEqual(key)
  })

  it('says where to set it, where its file holds none', async () => {
    const given = config({}, '/dev/null')
    await expect(openServiceKey(given)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(
        /^The key of the tokens that stand for personal data, \/dev\/null\/privacy\.key, /,
      ),
      advice: expect.stringContaining('secrets_directory or privacy.key'),
    })
  })
})

describe('the keys that wrap the keys of conversations', () => {
  it('are the one in use, which wraps, and those before it, which only open', async () => {
    const [former, current] = ['01'.repeat(32), '02'.repeat(32)]
    const ring = await openKeyRing(config({ key: current, former_keys: [former] }))
    const wrapped = new KeyRing(Buffer.alloc(32, 1), []).wrap(Buffer.from('data'), 'c')
    expect(ring.unwrap(wrapped, 'c').toString()).toBe('data')
    expect(ring.isCurrent(wrapped)).toBe(false)
    const anew = ring.wrap(Buffer.from('data'), 'c')
    expect(ring.isCurrent(anew)).toBe(true)
    expect(new KeyRing(Buffer.alloc(32, 2), []).unwrap(anew, 'c').toString()).toBe('data')
  })

  it('are made by nobody who only opens what was sealed', async () => {
    const given = config({})
    await expect(openGivenKeyRing(given)).rejects.toMatchObject({ code: 'invalid-config' })
    expect(readdirSync(given.secrets_directory)).toEqual([])
    const sealed = (await openKeyRing(given)).wrap(Buffer.from('data'), 'c')
    expect((await openGivenKeyRing(given)).unwrap(sealed, 'c').toString()).toBe('data')
  })

  it('need no file where the configuration has the one in use', async () => {
    const given = config({ key: '02'.repeat(32) })
    const sealed = new KeyRing(Buffer.alloc(32, 2), []).wrap(Buffer.from('data'), 'c')
    expect((await openGivenKeyRing(given)).unwrap(sealed, 'c').toString()).toBe('data')
    expect(readdirSync(given.secrets_directory)).toEqual([])
  })
})
