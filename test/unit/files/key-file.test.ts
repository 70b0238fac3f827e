import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openKeyFile } from '../../../src/files/key-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-key-file-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (path: string) => openKeyFile(path, { title: 'The key', loss: 'fits nothing', setting: 'a_setting' })

describe('S11: a key in a file', () => {
  it('is made once, for its owner only, and the same ever after', async () => {
    const path = join(folder, 'secrets', 'digest.key')
    const [first, second] = await Promise.all([open(path), open(path)])
    expect(first).toHaveLength(32)
    expect(second).toEqual(first)
    expect(await open(path)).toEqual(first)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700)
    expect(readFileSync(path, 'utf8')).toBe(`${first.toString('hex')}\n`)
  })

  it.each([
    ['is cut short', '0123abcd', /64 hexadecimal digits/],
    ['is empty', '', /64 hexadecimal digits/],
    ['is another file', 'x'.repeat(1_000), /is no file of a key/],
  ])('is never replaced where it %s', async (_claim, content, says) => {
    const path = join(folder, 'digest.key')
    writeFileSync(path, content)
    await expect(open(path)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(says),
    })
    expect(readFileSync(path, 'utf8')).toBe(content)
  })

  it('is neither a folder nor a device', async () => {
    await expect(open(folder)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(/is no file of a key/),
    })
    await expect(open('/dev/zero')).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it.skipIf(process.getuid?.() === 0)('has to be made: without one the service does not start', async () => {
    chmodSync(folder, 0o500)
    await expect(open(join(folder, 'digest.key'))).rejects.toMatchObject({ code: 'invalid-config' })
  })
})
