import { describe, expect, it } from 'vitest'
import { StretchTable } from '../../../../src/filters/leak/stretch-table.ts'

const placesOf = (table: StretchTable, hash: number): readonly number[] => {
  const places: number[] = []
  for (let place = table.firstOf(hash); place >= 0; place = table.following(place)) places.push(place)
  return places.sort((one, other) => one - other)
}

describe('a table of stretches', () => {
  it('has the places of each hash, whatever else is in the same list', () => {
    const table = new StretchTable(3_000, false)
    // Far more hashes than a small table has lists for.
    const few = new StretchTable(12, false)
    for (let place = 0; place < 3_000; place += 1) table.add((place % 1_000) - 500, place)
    for (let place = 0; place < 12; place += 1) few.add(place << 20, place)
    for (let hash = -500; hash < 500; hash += 1) {
      expect(placesOf(table, hash)).toEqual([hash + 500, hash + 1_500, hash + 2_500])
    }
    for (let place = 0; place < 12; place += 1) expect(placesOf(few, place << 20)).toEqual([place])
    expect(placesOf(table, 500)).toEqual([])
  })

  it('keeps the first eight of a hash, or none where more of them are to say nothing', () => {
    for (const [dropsCommon, kept] of [
      [false, [0, 1, 2, 3, 4, 5, 6, 7]],
      [true, []],
    ] as const) {
      const table = new StretchTable(30, dropsCommon)
      for (let place = 0; place < 20; place += 1) table.add(7, place)
      for (let place = 20; place < 28; place += 1) table.add(8, place)
      expect(placesOf(table, 7)).toEqual(kept)
      expect(placesOf(table, 8)).toEqual([20, 21, 22, 23, 24, 25, 26, 27])
    }
  })
})
