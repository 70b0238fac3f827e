import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { addToTokenMap, readTokenMap } from '../../../src/service/token-map.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const entry = (token: string, value: string) => ({ token, category: 'pii/email', value })
const first = entry('EMAIL_B1C2D3F4G5', 'kim@hamlin.example')
const second = entry('EMAIL_B1C2D3F4G6', 'lee@hamlin.example')

let path: string
beforeEach(() => {
  path = join(temporaryFolder('sallyport-map-'), 'map.json')
})

describe('a map of tokens', () => {
  it('is for its owner only, and gives back what it was given', async () => {
    expect(await addToTokenMap(path, [first])).toBe(1)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await readTokenMap(path)).toEqual([first])
  })

  it('keeps the tokens of earlier texts, and is for its owner only where it was not', async () => {
    await addToTokenMap(path, [first])
    writeFileSync(path, readFileSync(path), { mode: 0o644 })
    expect(await addToTokenMap(path, [first, second])).toBe(2)
    expect(await readTokenMap(path)).toEqual([first, second])
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('keeps texts that stand for values in the form of these', async () => {
    const surrogate = { ...entry('david.novak10@example.net', 'kim@hamlin.example'), isSurrogate: true }
    expect(await addToTokenMap(path, [first, surrogate])).toBe(2)
    expect(await readTokenMap(path)).toEqual([first, surrogate])
    // Without being told to be one, it is no token.
    const other = join(temporaryFolder('sallyport-map-'), 'map.json')
    await addToTokenMap(other, [{ ...surrogate, isSurrogate: false }])
    await expect(readTokenMap(other)).rejects.toThrow(/not a map/)
  })

  it('is not written over where it has another value for a token', async () => {
    await addToTokenMap(path, [first])
    const before = readFileSync(path, 'utf8')
    await expect(addToTokenMap(path, [{ ...first, value: 'other@x.example' }])).rejects.toThrow(/another value/)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  it.each([
    ['a note', 'remember the milk'],
    ['other JSON', '{"tokens": []}'],
    ['a list', '[]'],
    ['nothing', ''],
  ])('is never made of a file that is %s, which stays as it is', async (_, content) => {
    writeFileSync(path, content)
    await expect(addToTokenMap(path, [first])).rejects.toMatchObject({ code: 'invalid-file' })
    await expect(readTokenMap(path)).rejects.toThrow(/no map|not a map/)
    expect(readFileSync(path, 'utf8')).toBe(content)
  })

  it.each([
    ['is cut', (text: string) => text.slice(0, -20)],
    ['has another value', (text: string) => text.replace('kim@', 'tim@')],
    ['has another token', (text: string) => text.replace('B1C2', 'B1C3')],
    ['lacks a token', (text: string) => text.replace(/ {4}\{[^}]*\},\n/, '')],
    ['has a member more', (text: string) => text.replace('{', '{"more": 1,')],
  ])('restores nothing where it %s', async (_, damage) => {
    verifies('pii.damaged-map')
    await addToTokenMap(path, [first, second])
    const whole = readFileSync(path, 'utf8')
    writeFileSync(path, damage(whole))
    expect(readFileSync(path, 'utf8')).not.toBe(whole)
    const reading = readTokenMap(path)
    await expect(reading).rejects.toMatchObject({ code: 'invalid-file' })
    await expect(reading).rejects.toThrow(/damaged/)
    await reading.catch((error: Error) => expect(error.message).not.toMatch(/hamlin/))
  })

  it('cannot be in a folder that is not there', async () => {
    await expect(addToTokenMap(join(path, 'none', 'map.json'), [first])).rejects.toMatchObject({ code: 'invalid-file' })
  })

  it('takes the place of a link, and leaves what it led to', async () => {
    const target = join(temporaryFolder('sallyport-map-'), 'other.json')
    await addToTokenMap(target, [first])
    const before = readFileSync(target, 'utf8')
    symlinkSync(target, path)
    await addToTokenMap(path, [second])
    expect(readFileSync(target, 'utf8')).toBe(before)
  })
})
