import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packagesProblem } from '../../../setup/packages.mjs'
import { verifies } from '../../support/verifies.ts'

interface Locked {
  readonly version: string
  readonly optional?: boolean
  readonly optionalDependencies?: Record<string, string>
}

const readLock = (path: string): Record<string, Locked> => JSON.parse(readFileSync(path, 'utf8')).packages

describe('the lock file of this project', () => {
  const packages = readLock(new URL('../../../package-lock.json', import.meta.url).pathname)

  it('names every optional package, also those of other platforms, for npm ci refuses it otherwise', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          packages[`${path}/node_modules/${name}`] === undefined && packages[`node_modules/${name}`] === undefined,
      ),
    )
    expect(missing).toEqual([])
  })

  it('pins a checksum for every package', () => {
    verifies('security.hashed-packages')
    const bare = Object.entries(packages).filter(([path, entry]) => path !== '' && !('integrity' in entry))
    expect(bare.map(([path]) => path)).toEqual([])
  })
})

describe('the lock file of the image', () => {
  const read = (name: string) =>
    readFileSync(new URL(`../../../sandbox-images/python/${name}`, import.meta.url).pathname, 'utf8')

  it('pins a version and a hash for every wheel, and nothing is installed without them', () => {
    verifies('security.hashed-packages')
    const requirements = read('requirements.txt')
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => /^[a-z]/i.test(line))
    expect(requirements.length).toBeGreaterThan(20)
    expect(requirements.filter((line) => !/^[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}\b/.test(line))).toEqual([])
    const installs = read('Dockerfile')
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => /\bpip install\b/.test(line))
    expect(installs).toHaveLength(1)
    expect(installs.join()).toMatch(/--no-deps .*--only-binary :all: --require-hashes/)
  })
})

describe('whether the packages are in place', () => {
  let project: string
  const wanted = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } }
  const node = () => join(project, 'node_modules', 'node', 'bin')
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'sallyport-packages-'))
    mkdirSync(node(), { recursive: true })
    writeFileSync(join(node(), 'node'), '', { mode: 0o755 })
    writeFileSync(join(project, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }))
  })
  afterEach(() => rmSync(project, { recursive: true }))
  const present = (packages: object) =>
    writeFileSync(join(project, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }))

  it('is no, when an installation was interrupted before its record was written', () => {
    verifies('setup.interrupted-packages')
    return expect(packagesProblem(project)).toBe('node_modules is missing or was not finished')
  })

  it('is no, when a package is another version or missing', () => {
    present({ 'node_modules/a': { version: '1.0.1' } })
    expect(packagesProblem(project)).toBe('a is 1.0.1, not 1.0.0')
    present({})
    expect(packagesProblem(project)).toBe('a is missing, not 1.0.0')
  })

  it('is yes without the optional packages of other platforms, but not with a wrong version of one', () => {
    present({ 'node_modules/a': { version: '1.0.0' } })
    expect(packagesProblem(project)).toBeNull()
    present({ ...wanted, 'node_modules/b': { version: '1.9.0' } })
    expect(packagesProblem(project)).toBe('b is 1.9.0, not 2.0.0')
  })

  it('is no, when the Node among them is gone', () => {
    present(wanted)
    rmSync(node(), { recursive: true })
    expect(packagesProblem(project)).toBe('the Node that runs this project is missing')
  })

  it('is not asked of an installed package, which has no lock file', () => {
    rmSync(join(project, 'package-lock.json'))
    expect(packagesProblem(project)).toBeNull()
  })
})
