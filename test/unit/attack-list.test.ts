import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { abuseList, attackRows, attackRowsFor } from '../support/sandbox/attack-rows.ts'
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

  it('are made from each driver in turns: every one is, and every topic from both', () => {
    const [one, other] = [0, 1].map((place) => attackRowsFor({ place, of: 2 }, false))
    expect([...(one ?? []), ...(other ?? [])]).toHaveLength(rows.length)
    const key = ({ topic, language, name }: (typeof rows)[number]) => `${topic} ${language} ${name}`
    expect(new Set([...(one ?? []), ...(other ?? [])].map(key))).toEqual(new Set(rows.map(key)))
    const topics = new Set(rows.map(({ topic }) => topic))
    for (const some of [one, other]) expect(new Set(some?.map(({ topic }) => topic))).toEqual(topics)
    expect(attackRowsFor({ place: 1, of: 2 }, true)).toHaveLength(rows.length)
  })

  it('cover nothing that is not in the list', () => {
    const items = new Set(Object.values(abuseList()).flatMap((list) => list.map(({ item }) => item)))
    expect([...covered].filter((item) => !items.has(item))).toEqual([])
  })
})
