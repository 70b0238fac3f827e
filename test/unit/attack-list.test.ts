import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { abuseList, attackRows } from '../support/sandbox/attack-rows.ts'
import { verifies } from '../support/verifies.ts'

const root = resolve(import.meta.dirname, '../..')
const rows = attackRows()
const covered = new Set(rows.flatMap((row) => row.covers ?? []))

describe('the attacks on the gVisor sandbox', () => {
  it('are more than 250, as SECURITY.md says, in Python, JavaScript and shell, each with a name of its own', () => {
    verifies('security.attack-programs')
    expect(rows.length).toBeGreaterThan(250)
    expect(readFileSync(resolve(root, 'SECURITY.md'), 'utf8')).toContain('The more than 250 programs')
    expect(new Set(rows.map((row) => row.language))).toEqual(new Set(['python', 'javascript', 'shell']))
    expect(rows.filter((row) => row.language === 'javascript').length).toBeGreaterThanOrEqual(30)
    const names = rows.map((row) => `${row.topic} ${row.language} ${row.name}`)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(Object.entries(abuseList()))('cover every item of %s in the list of abuse', (_topic, items) => {
    verifies('security.attack-programs')
    expect(items.length).toBeGreaterThan(5)
    const untested = items.filter((entry) =>
      entry.test === undefined
        ? !covered.has(entry.item)
        : !readFileSync(resolve(root, entry.test), 'utf8').includes(entry.claim),
    )
    expect(untested).toEqual([])
  })

  it('cover nothing that is not in the list', () => {
    const items = new Set(Object.values(abuseList()).flatMap((list) => list.map(({ item }) => item)))
    expect([...covered].filter((item) => !items.has(item))).toEqual([])
  })
})
