import { describe, expect, it } from 'vitest'
import {
  pairPlaces,
  placeOfTwin,
  printedOffset,
  sourceOffset,
} from '../../../../../../src/validators/sql/postgresql/grammar/places.ts'

// Pairs of a byte of the print and the byte of the source that its part begins at.
const places = [0, 0, 7, 9, 20, 31]

describe('places of a print in its source', () => {
  it.each([
    [0, 0],
    [6, 0],
    [7, 9],
    [19, 9],
    [20, 31],
    [99, 31],
  ])('byte %i of the print comes from the part at byte %i', (printed, source) => {
    expect(sourceOffset(places, printed)).toBe(source)
  })

  it.each([
    [0, 0],
    [9, 7],
    [31, 20],
    [8, -1],
    [7, -1],
    [32, -1],
  ])('a part at byte %i of the source went to byte %i', (source, printed) => {
    expect(printedOffset(places, source)).toBe(printed)
  })

  it('are at the beginning where nothing is known', () => {
    expect(sourceOffset([], 5)).toBe(0)
    expect(printedOffset([], 5)).toBe(-1)
  })
})

describe('the place of a part in another print of its tree', () => {
  const part = { location: 3, name: 'f' }
  const sent = { list: [{ location: 1 }, part], location: 0 }

  it('is that of the part at the same place of the other tree', () => {
    expect(placeOfTwin(part, sent, { list: [{ location: 5 }, { location: 9, name: 'f' }], location: 2 })).toBe(9)
  })

  it('is unknown where the other tree has none, or does not say', () => {
    expect(placeOfTwin(part, sent, { list: [{ location: 5 }], location: 2 })).toBe(-1)
    expect(placeOfTwin(part, sent, { list: [{ location: 5 }, { name: 'f' }], location: 2 })).toBe(-1)
    expect(placeOfTwin({ location: 3, name: 'f' }, sent, sent)).toBe(-1)
  })
})

describe('pairs of places', () => {
  it('are in the order of the print, whatever that of the trees', () => {
    const parts = (...places: (number | undefined)[]) => ({
      items: places.map((location) => ({ A_Star: location === undefined ? {} : { location } })),
    })
    expect(pairPlaces(parts(5, 1, 8), parts(30, 10, 20))).toEqual([10, 1, 20, 8, 30, 5])
    expect(pairPlaces(parts(5, undefined, 8), parts(30, 10, undefined))).toEqual([30, 5])
  })
})
