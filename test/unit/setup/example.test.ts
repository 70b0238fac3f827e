import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { examplePython, findPython } from '../../../setup/example.mjs'
import { PROJECT } from '../../../setup/packages.mjs'
import { SetupError } from '../../../setup/shell.mjs'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** A program that says that it is this Python. */
function fakePython(version: string): string {
  const program = join(temporaryFolder('sallyport-python-'), 'python')
  writeFileSync(program, `#!/bin/sh\necho ${version}\n`)
  chmodSync(program, 0o755)
  return program
}

const failureOf = (work: () => unknown): SetupError => {
  try {
    work()
  } catch (error) {
    if (error instanceof SetupError) return error
  }
  throw new Error('it did not fail')
}

describe('the Python of an example', () => {
  it('is the first that is 3.10 or later', () => {
    const [old, right] = [fakePython('3 9'), fakePython('3 12')]
    expect(findPython((name) => ({ python3: old, 'python3.12': right })[name] ?? null)).toBe(right)
  })

  it.each(['3 9', '2 7', '4 0'])('is never %s, and what is there is named', (version) => {
    const old = fakePython(version)
    const { message, advice } = failureOf(() => findPython((name) => (name === 'python3' ? old : null)))
    expect(message).toBe(`Python 3.10 or later is needed; here is ${version.replace(' ', '.')} (${old}).`)
    expect(advice).toContain('apt-get install python3 python3-venv')
  })

  it('is said to be missing, with what to do, where there is none', () => {
    const { message, advice } = failureOf(() => findPython(() => null))
    expect(message).toBe('Python 3.10 or later is not on this machine.')
    expect(advice).toContain('Install it')
  })

  it.each(['../pii', 'pii', 'policies', ''])('is made for no folder that has no list of packages: %j', async (name) => {
    await expect(examplePython(name, { folder: temporaryFolder('sallyport-python-') })).rejects.toThrow(
      `There is no example "${name}"`,
    )
  })
})

describe('the list of packages of an example', () => {
  it('names every package with the hashes of its files', () => {
    const text = readFileSync(join(PROJECT, 'docs/examples/image-classifier/requirements.txt'), 'utf8')
    const entries = text.split(/^(?=[a-z])/m).slice(1)
    expect(entries.length).toBeGreaterThan(8)
    for (const entry of entries)
      expect(entry).toMatch(/^[a-z0-9-]+==\S+ (?:; .* )?\\\n(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+$/)
  })
})
