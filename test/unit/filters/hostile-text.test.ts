import { describe, expect, it } from 'vitest'
import { allDetectors, categoriesIn, has } from '../../support/filters/hostile/ask-detectors.ts'
import { makeRows, readRows } from '../../support/filters/hostile/rows.ts'
import { verifies } from '../../support/verifies.ts'

const detectors = allDetectors()
const rows = readRows()

describe('texts that hide what is looked for', () => {
  it('are at least 400, each with a look-alike, and what the script makes of its seed', () => {
    expect(rows.length).toBeGreaterThanOrEqual(400)
    expect(rows.map(({ isFound: _found, isBenignLeft: _left, ...row }) => row)).toEqual(makeRows())
    for (const { parts, benign } of rows) expect(benign).not.toEqual(parts)
  })

  const disguises = [...new Set(rows.map(({ disguise }) => disguise))]
  it.each(disguises)('are seen through, and their look-alikes left alone: %s', async (disguise) => {
    verifies('hostile.rows')
    const unlike: string[] = []
    for (const row of rows) {
      if (row.disguise !== disguise) continue
      const { isStreamed } = row
      const found = await categoriesIn(detectors, { texts: row.parts, isStreamed })
      const benign = await categoriesIn(detectors, { texts: row.benign, isStreamed })
      if (row.isFound && !has(found, row.category)) unlike.push(`${row.id} ${row.category} is not found`)
      if (row.isBenignLeft && benign.size > 0) unlike.push(`${row.id} ${[...benign].join()} in the look-alike`)
    }
    expect(unlike).toEqual([])
  })

  it('are found but for those whose misses are published', () => {
    const share = rows.filter(({ isFound }) => isFound).length / rows.length
    expect(share).toBeGreaterThan(0.75)
    expect(rows.filter(({ isBenignLeft }) => !isBenignLeft).length / rows.length).toBeLessThan(0.02)
  })
})
