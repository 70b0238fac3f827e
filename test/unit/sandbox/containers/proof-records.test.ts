import {
  chmodSync,
  chownSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
} from 'node:fs'
import { rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { verifies } from '../../../support/verifies.ts'
import { createProofRecords, fileMark } from '../../../../src/sandbox/containers/proof-records.ts'

let home: string
let boot: string
let seconds: number

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-proofs-')))
  boot = 'boot-1'
  seconds = 1_000
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const folder = () => join(home, 'proofs')
const records = () => createProofRecords(folder(), { bootId: async () => boot, uptime: () => seconds })
const shape = z.strictObject({ version: z.string() })
const facts = { binary: '1 2 3', flags: ['--network=none'] }
const value = { version: '5' }
const recall = (given: object = facts) => records().recall('runsc', given as typeof facts, shape)

/** The one file of the folder. */
function file(): string {
  const [name = ''] = readdirSync(folder())
  return join(folder(), name)
}

async function keep(): Promise<void> {
  await records().keep('runsc', facts, value)
  expect(await recall()).toEqual(value)
}

describe('what was proven about this machine', () => {
  it('is believed for a day under the same facts, and lies where only its user reads', async () => {
    await keep()
    seconds += 86_399
    expect(await recall()).toEqual(value)
    expect(readdirSync(folder())).toHaveLength(1)
  })

  it.each<[string, () => unknown]>([
    ['a fact differs', () => recall({ ...facts, binary: '1 2 4' })],
    ['a fact is missing', () => recall({ binary: '1 2 3' })],
    ['a fact is new', () => recall({ ...facts, image: 'x' })],
    ['it is of another thing', () => records().recall('docker', facts, shape)],
    ['the machine booted again', () => ((boot = 'boot-2'), recall())],
    ['a day is over', () => ((seconds += 86_400), recall())],
    ['it is from the future', () => ((seconds -= 1), recall())],
    ['its value has another shape', () => records().recall('runsc', facts, z.strictObject({ other: z.string() }))],
  ])('is proven again where %s', async (_, again) => {
    await keep()
    expect(await again()).toBeNull()
  })

  it.each<[string, () => void]>([
    ['it is torn', () => writeFileSync(file(), readFileSync(file(), 'utf8').slice(0, -9))],
    ['it is empty', () => writeFileSync(file(), '')],
    ['it has more members', () => writeFileSync(file(), readFileSync(file(), 'utf8').replace('{', '{"more":1,'))],
    ['its group can write it', () => chmodSync(file(), 0o660)],
    ['everybody can write it', () => chmodSync(file(), 0o602)],
    ['its folder can be written by the group', () => chmodSync(folder(), 0o770)],
    ['others could put another folder in its place', () => chmodSync(home, 0o777)],
    [
      'it is a link',
      () => (renameSync(file(), join(home, 'moved')), symlinkSync(join(home, 'moved'), join(folder(), linked))),
    ],
    ['it is longer than any record', () => writeFileSync(file(), readFileSync(file(), 'utf8') + ' '.repeat(65_536))],
  ])('is proven again where %s', async (_, change) => {
    verifies('driver.remembered', 'security.own-records')
    await keep()
    linked = readdirSync(folder())[0] ?? ''
    change()
    expect(await recall()).toBeNull()
  })

  it.skipIf(process.getuid?.() !== 0)('is proven again where the record or its folder is somebody else’s', async () => {
    await keep()
    chownSync(file(), 12_345, 0)
    expect(await recall()).toBeNull()
    chownSync(file(), 0, 0)
    expect(await recall()).toEqual(value)
    chownSync(folder(), 12_345, 0)
    expect(await recall()).toBeNull()
  })

  it('is not written into a folder of others, and nothing is thrown where it cannot be kept', async () => {
    await keep()
    chmodSync(folder(), 0o777)
    rmSync(file())
    await records().keep('runsc', facts, value)
    expect(readdirSync(folder())).toEqual([])
    rmSync(folder(), { recursive: true })
    writeFileSync(folder(), 'a file in its way')
    await records().keep('runsc', facts, value)
    expect(await recall()).toBeNull()
  })

  it('is replaced by what was proven later, and the oldest of many are forgotten', async () => {
    await keep()
    await records().keep('runsc', facts, { version: '6' })
    expect(await recall()).toEqual({ version: '6' })
    utimesSync(file(), 1, 1)
    for (let index = 0; index < 16; index += 1) await records().keep(`docker ${index}`, facts, value)
    expect(readdirSync(folder())).toHaveLength(16)
    expect(await recall()).toBeNull()
  })
})

let linked = ''

describe('what the kernel says of a file', () => {
  const path = () => join(home, 'binary')

  it.each<[string, () => void]>([
    ['written to', () => writeFileSync(path(), 'two')],
    ['written to, with its times set back', () => (writeFileSync(path(), 'two'), utimesSync(path(), 1, 1))],
    [
      'replaced by the same bytes',
      () => (writeFileSync(join(home, 'new'), 'one'), renameSync(join(home, 'new'), path())),
    ],
    ['linked elsewhere', () => linkSync(path(), join(home, 'second'))],
    ['made executable', () => chmodSync(path(), 0o755)],
  ])('changes when it is %s', async (_, change) => {
    writeFileSync(path(), 'one')
    utimesSync(path(), 1, 1)
    const before = await fileMark(path())
    expect(await fileMark(path())).toBe(before)
    await new Promise((resolve) => setTimeout(resolve, 20))
    change()
    expect(await fileMark(path())).not.toBe(before)
  })

  it('is nothing where there is none', async () => {
    expect(await fileMark(path())).toBeNull()
  })
})
