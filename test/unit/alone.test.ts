import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { alone } from '../../vitest.config.ts'
import { verifies } from '../support/verifies.ts'

const root = resolve(import.meta.dirname, '../..')

/** What shows in the text of a file that it needs the machine to itself. */
const reasons: readonly (readonly [reason: string, sign: RegExp])[] = [
  ['it strikes runs at chosen moments', /\btruth-lane\.ts'/],
  ['it looks what is left of a process that has ended', /\bleftovers\.ts'|\bowner\.pid\b/],
  ['it has several attacks on sandboxes at work at once', /\bdescribeAttacks\(/],
]
const reasonsIn = (text: string) => reasons.filter(([, sign]) => sign.test(text)).map(([reason]) => reason)

describe('files of tests that need the machine to themselves', () => {
  it.each([
    ["import { TruthLane } from '../support/sandbox/truth-lane.ts'", ['it strikes runs at chosen moments']],
    ["import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'", []],
    ["import { containersOf } from '../support/sandbox/leftovers.ts'", [reasons[1]?.[0]]],
    ['found.filter(({ owner }) => owner.pid === pid)', [reasons[1]?.[0]]],
    ["describeAttacks('docker', createTestEngine)", [reasons[2]?.[0]]],
  ])('are known by their text: %s', (text, found) => {
    expect(reasonsIn(text)).toEqual(found)
  })

  it('are those of the list in vitest.config.ts', () => {
    verifies('lanes.alone')
    const files = ['contract', 'e2e', 'attack', 'integration'].flatMap((lane) =>
      readdirSync(join(root, 'test', lane), { recursive: true, encoding: 'utf8' })
        // Those on a cluster run after all others, one at a time.
        .filter((name) => name.endsWith('.test.ts') && !name.endsWith('-kubernetes.test.ts'))
        .map((name) => `test/${lane}/${name}`),
    )
    expect(alone.filter((file) => !files.includes(file))).toEqual([])
    const wrong = files.flatMap((file) => {
      const found = reasonsIn(readFileSync(join(root, file), 'utf8'))
      if (alone.includes(file)) return found.length > 0 ? [] : [`${file} is in the list without a reason`]
      return found.map((reason) => `${file} is not in the list, and ${reason}`)
    })
    expect(wrong).toEqual([])
  })
})
