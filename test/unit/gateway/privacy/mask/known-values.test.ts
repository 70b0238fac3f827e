import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KnownValues } from '../../../../../src/gateway/privacy/mask/known-values.ts'

function knowing(values: readonly string[], others = 0): KnownValues {
  const known = new KnownValues()
  for (const value of values) known.add({ value, category: 'custom/word', fromTurn: 3 })
  for (let index = 0; index < others; index += 1)
    known.add({ value: `zz${index} y`, category: 'pii/email', fromTurn: 1 })
  return known
}

// Few values are looked for in another way than many.
describe.each([0, 100])('values beside %i others', (others) => {
  const found = (values: readonly string[], text: string) =>
    knowing(values, others)
      .spansIn(text)
      .map(({ start, end }) => text.slice(start, end))
      .toSorted()

  it('are found as whole words, wherever they stand', () => {
    expect(found(['Ann', 'Ann Lee', 'J. Smith-Ray'], 'Ann Lee and Ann, Anna, Joann; J. Smith-Ray’s "Ann"')).toEqual([
      'Ann',
      'Ann',
      'Ann',
      'Ann Lee',
      'J. Smith-Ray',
    ])
    expect(found(['Ann', '𝒜nn Lee'], '𝒜Ann Ann𝒜 x𝒜nn Lee')).toEqual([])
  })

  it('may end with a mark, and hold marks of patterns', () => {
    expect(found(['Acme (UK)', 'a+b@c.example', 'Müller'], 'Acme (UK)s, a+b@c.example Müller Müllers')).toEqual([
      'Acme (UK)',
      'Müller',
      'a+b@c.example',
    ])
  })

  it('are no shorter than three characters, and begin with a letter or a digit', () => {
    expect(found(['Al', '+1 415', '', '…x'], 'Al +1 415 …x')).toEqual([])
  })

  it('count from the earliest turn that told of them, by the kind that was told first', () => {
    const known = knowing(['Ann'], others)
    known.add({ value: 'Ann', category: 'custom/other', fromTurn: 5 })
    known.add({ value: 'Ann', category: 'pii/email', fromTurn: 2 })
    expect(known.spansIn('Ann')).toEqual([{ start: 0, end: 3, category: 'custom/word', fromTurn: 2 }])
  })
})

describe('few values and many', () => {
  const words = fc.constantFrom('Ann', 'Lee', 'Ann Lee', 'é', '𝒜', ' ', '  ', '.', '-', 'a', '@', '\n', '7')
  const texts = fc.array(words, { maxLength: 14 }).map((parts) => parts.join(''))

  it('are found at the same places, up to any turn', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 6 }), texts, fc.nat(6), (values, text, upToTurn) => {
        const [few, many] = [knowing([], 0), knowing([], 100)]
        for (const [fromTurn, value] of values.entries()) {
          for (const known of [few, many]) known.add({ value, category: 'custom/word', fromTurn })
        }
        const inOrder = (known: KnownValues) => known.spansIn(text, upToTurn).toSorted((a, b) => a.end - b.end)
        expect(inOrder(many)).toEqual(inOrder(few))
      }),
      { numRuns: 2_000 },
    )
  })

  it('are found as what covers them where one is in the other, and by itself where the longer is not known yet', () => {
    const known = knowing(['Ann Lee'], 100)
    known.add({ value: 'Lee', category: 'custom/other', fromTurn: 1 })
    const spans = (turn: number) => known.spansIn('Ann Lee', turn).map(({ start, category }) => [start, category])
    expect([spans(3), spans(2), spans(0)]).toEqual([[[0, 'custom/word']], [[4, 'custom/other']], []])
  })

  it('of any length are read once, and so are texts of nothing but them', () => {
    const known = knowing(Array.from({ length: 1_000 }, (_, index) => `kim${' kim'.repeat(index)}`))
    expect(known.spansIn('kim '.repeat(50_000))).toHaveLength(50_000)
  })
})

describe('very many values that begin alike', () => {
  it('are found in a text of as many words', () => {
    const known = new KnownValues()
    const values = Array.from({ length: 20_000 }, (_, index) => `a.${index}@x.example`)
    for (const value of values) known.add({ value, category: 'pii/email', fromTurn: 0 })
    expect(known.spansIn(values.join(' '))).toHaveLength(values.length)
  })
})
