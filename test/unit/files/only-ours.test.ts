import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isOnlyOurs } from '../../../src/files/only-ours.mjs'

let home: string

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-ours-')))
  mkdirSync(join(home, 'above', 'ours'), { recursive: true, mode: 0o700 })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const folder = () => join(home, 'above', 'ours')

describe('a folder of this user alone', () => {
  it('is one that only its user can write', () => {
    expect(isOnlyOurs(folder())).toBe(true)
  })

  it('may stand below a folder that everybody writes to, where only owners rename what is theirs', () => {
    chmodSync(join(home, 'above'), 0o1777)
    expect(isOnlyOurs(folder())).toBe(true)
  })

  it.each([
    ['it can be written by others', () => chmodSync(folder(), 0o707)],
    ['it can be written by its group', () => chmodSync(folder(), 0o770)],
    ['others could put another in its place', () => chmodSync(join(home, 'above'), 0o777)],
    ['its group could put another above it in its place', () => chmodSync(home, 0o770)],
  ])('is another where %s', (_, change) => {
    change()
    expect(isOnlyOurs(folder())).toBe(false)
  })

  it('is not somebody else’s', () => {
    expect(isOnlyOurs(folder(), (process.getuid?.() ?? 0) + 1)).toBe(false)
  })

  it('is no file and no link', () => {
    writeFileSync(join(home, 'file'), '')
    symlinkSync(folder(), join(home, 'link'))
    expect(isOnlyOurs(join(home, 'file'))).toBe(false)
    expect(isOnlyOurs(join(home, 'link'))).toBe(false)
  })
})
