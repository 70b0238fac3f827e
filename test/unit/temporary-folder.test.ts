import { existsSync, mkdtempSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { foundBesideTemporaryFolders, outerFolder, temporaryFolder } from '../support/temporary-folder.ts'

describe('the temporary folder of a file of tests', () => {
  it('is its own, and anybody may write there', () => {
    expect(dirname(tmpdir())).toBe(outerFolder)
    expect(statSync(tmpdir()).mode & 0o7777).toBe(0o1777)
  })

  it('shows what is left in it, beside the folders that tests make for themselves', () => {
    const made = temporaryFolder('made-')
    expect(existsSync(made)).toBe(true)
    expect(foundBesideTemporaryFolders(tmpdir())).toEqual([])
    const left = mkdtempSync(join(tmpdir(), 'left-'))
    expect(foundBesideTemporaryFolders(tmpdir())).toEqual([left.slice(tmpdir().length + 1)])
    rmdirSync(left)
    writeFileSync(join(made, 'anything'), '')
    expect(foundBesideTemporaryFolders(tmpdir())).toEqual([])
  })
})
