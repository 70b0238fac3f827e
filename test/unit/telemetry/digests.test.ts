import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDigestKey } from '../../../src/telemetry/digest-key.ts'
import { createDigests } from '../../../src/telemetry/digests.ts'
import { verifies } from '../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-digests-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('S11: digests of texts', () => {
  const one = createDigests(Buffer.alloc(32, 1))

  it('are equal for equal texts under one key, and under another nobody can tell', () => {
    verifies('audit.keyed')
    expect(one.of('How much?')).toBe(one.of('How much?'))
    expect(one.of('How much?')).not.toBe(one.of('How much'))
    const other = createDigests(Buffer.alloc(32, 2))
    expect(other.of('How much?').split(':')).not.toEqual(one.of('How much?').split(':'))
    expect(one.of('How much?')).toMatch(/^[0-9a-f]{8}:[0-9a-f]{64}$/)
  })

  it('stand for every name that is not known', () => {
    const known = new Set(['analyst'])
    expect(one.name('analyst', known)).toBe('analyst')
    expect(one.name('Analyst', known)).toBe(`unknown:${one.of('Analyst')}`)
    expect(one.name('__proto__', known)).toBe(`unknown:${one.of('__proto__')}`)
  })
})

describe('S11: the key of the digests', () => {
  it('is made once, for its owner only, and the same ever after', async () => {
    const path = join(folder, 'secrets', 'digest.key')
    const [first, second] = await Promise.all([openDigestKey(path), openDigestKey(path)])
    expect(first).toHaveLength(32)
    expect(second).toEqual(first)
    expect(await openDigestKey(path)).toEqual(first)
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
    await expect(openDigestKey(path)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(says),
    })
    expect(readFileSync(path, 'utf8')).toBe(content)
  })

  it('is neither a folder nor a device', async () => {
    await expect(openDigestKey(folder)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(/is no file of a key/),
    })
    await expect(openDigestKey('/dev/zero')).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it.skipIf(process.getuid?.() === 0)('has to be made: without one the service does not start', async () => {
    chmodSync(folder, 0o500)
    await expect(openDigestKey(join(folder, 'digest.key'))).rejects.toMatchObject({ code: 'invalid-config' })
  })
})
