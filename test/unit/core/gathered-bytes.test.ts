import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatheredBytes } from '../../../src/core/gathered-bytes.ts'

describe('bytes that come in pieces', () => {
  it('are the same at the end, in whatever pieces and however many of them', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 })
    fc.assert(
      fc.property(pieces, fc.constantFrom(0, 1, 1_023, 1_024, 1_025, 3_000), (some, single) => {
        const all = [
          ...some.map((piece) => Buffer.from(piece)),
          ...Array.from({ length: single }, (_, at) => Buffer.of(at)),
        ]
        const gathered = new GatheredBytes()
        for (const piece of all) gathered.add(piece)
        expect(gathered.length).toBe(Buffer.concat(all).length)
        expect(gathered.together().equals(Buffer.concat(all))).toBe(true)
      }),
    )
  })

  it('are the same at the end where many of them are large', () => {
    const all = Array.from({ length: 2_100 }, (_, at) => Buffer.alloc(at % 2 === 0 ? 9_000 : 10, at))
    const gathered = new GatheredBytes()
    for (const piece of all) gathered.add(piece)
    expect(gathered.together().equals(Buffer.concat(all))).toBe(true)
  })

  it('are not copied where they came in one piece', () => {
    const gathered = new GatheredBytes()
    const piece = Buffer.from('whole')
    gathered.add(piece)
    expect(gathered.together()).toBe(piece)
  })
})
