import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { CodePoints } from '../../../../src/filters/remote/code-points.ts'

it('gives each place of a text, counted in code points, its place in UTF-16 units', () => {
  const texts = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed())
  fc.assert(
    fc.property(texts, (text) => {
      const points = Array.from(text)
      const places = new CodePoints(text)
      expect(places.length).toBe(points.length)
      for (let place = 0; place <= points.length; place += 1) {
        expect(places.unitOf(place)).toBe(points.slice(0, place).join('').length)
      }
    }),
  )
})
