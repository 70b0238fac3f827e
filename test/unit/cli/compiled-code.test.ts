import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepCompiledCode } from '../../../src/cli/compiled-code.mjs'

let home: string

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-compiled-')))
  mkdirSync(join(home, 'cache', 'compiled'), { recursive: true, mode: 0o700 })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const folder = () => join(home, 'cache', 'compiled')

describe('the folder of compiled code', () => {
  it.each([
    ['it can be written by others', () => chmodSync(folder(), 0o707)],
    ['it can be written by its group', () => chmodSync(folder(), 0o770)],
    ['others could put another in its place', () => chmodSync(join(home, 'cache'), 0o777)],
    ['its group could put another above it in its place', () => chmodSync(home, 0o770)],
  ])('is not used where %s', (_, change) => {
    change()
    expect(keepCompiledCode(folder())).toBe(false)
  })

  it('is judged where a link leads to', () => {
    chmodSync(folder(), 0o777)
    symlinkSync(folder(), join(home, 'link'))
    expect(keepCompiledCode(join(home, 'link'))).toBe(false)
  })

  it('is done without where it cannot be made, and nothing is thrown', () => {
    writeFileSync(join(home, 'file'), '')
    expect(keepCompiledCode(join(home, 'file', 'compiled'))).toBe(false)
  })
})
