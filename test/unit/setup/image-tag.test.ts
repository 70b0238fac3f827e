import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IMAGE_FOLDER, imageIngredients, imageTag } from '../../../setup/image-tag.mjs'
import { verifies } from '../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-tag-'))
  mkdirSync(join(folder, 'supervisor'))
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch')
  writeFileSync(join(folder, 'supervisor', 'main.py'), 'pass')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe("the image's tag", () => {
  it('is the same for the same files, wherever they lie', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'sallyport-tag-'))
    cpSync(folder, elsewhere, { recursive: true })
    expect(imageTag(elsewhere)).toBe(imageTag(folder))
    rmSync(elsewhere, { recursive: true })
  })

  it('changes with the bytes of any file, also the supervisor’s', () => {
    verifies('setup.image-tag')
    const before = imageTag(folder)
    writeFileSync(join(folder, 'supervisor', 'main.py'), 'pass\n')
    expect(imageTag(folder)).not.toBe(before)
  })

  it('changes when text moves from one file to another', () => {
    const before = imageTag(folder)
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratchpass')
    writeFileSync(join(folder, 'supervisor', 'main.py'), '')
    expect(imageTag(folder)).not.toBe(before)
  })

  it('does not change with explanations, compiled files and editors’ leftovers', () => {
    const before = imageTag(folder)
    mkdirSync(join(folder, 'supervisor', '__pycache__'))
    writeFileSync(join(folder, 'supervisor', '__pycache__', 'main.pyc'), 'x')
    writeFileSync(join(folder, 'README.md'), 'x')
    writeFileSync(join(folder, '.main.swp'), 'x')
    expect(imageTag(folder)).toBe(before)
  })

  it('covers what the real image is made from', () =>
    expect(imageIngredients(IMAGE_FOLDER)).toEqual(
      expect.arrayContaining(['Dockerfile', 'base.json', 'requirements.txt', 'seal.sh', 'supervisor/main.py']),
    ))
})
