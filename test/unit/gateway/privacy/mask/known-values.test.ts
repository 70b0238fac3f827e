import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KnownValues } from '../../../../../src/gateway/privacy/mask/known-values.ts'
import { propertyRuns } from '../../../../support/property-runs.ts'

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
      { numRuns: propertyRuns(2_000) },
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

describe('the value that is the whole of a text', () => {
  const known = (value: string, category: string, fromTurn: number) => ({ value, category, fromTurn })

  it('is known from the earliest turn that told of it, by the kind that was told first', () => {
    const values = new KnownValues()
    values.add(known('will', 'pii/person', 4))
    values.add(known('will', 'custom/word', 6))
    expect([values.wholeOf('will', 3), values.wholeOf('will', 4)]).toEqual([null, known('will', 'pii/person', 4)])
    values.add(known('will', 'custom/word', 2))
    expect([values.wholeOf('will', 1), values.wholeOf('will', 2)]).toEqual([null, known('will', 'pii/person', 2)])
    expect([values.wholeOf('Will', 9), values.wholeOf('will ', 9)]).toEqual([null, null])
  })

  it.each(['Al', '…x', '+1', 'will', ''])('may be one that is looked for nowhere else: %j', (value) => {
    const values = new KnownValues()
    values.add(known(value, 'pii/person', 1))
    expect(values.wholeOf(value, 1)).toEqual(known(value, 'pii/person', 1))
    expect(values.spansIn(`${value} ${value}`)).toEqual([])
  })
})

describe('names among other values', () => {
  const at = (values: readonly (readonly [value: string, category: string])[], text: string) => {
    const known = new KnownValues()
    for (const [value, category] of values) known.add({ value, category, fromTurn: 1 })
    return known.spansIn(text).map(({ start, end, category }) => [text.slice(start, end), category])
  }

  it('are found beside them', () => {
    const values = [
      ['Erika Zyanka', 'pii/person'],
      ['AB-123', 'custom/badge'],
    ] as const
    expect(at(values, 'ERIKA ZYANKA has AB-123')).toEqual([
      ['AB-123', 'custom/badge'],
      ['ERIKA ZYANKA', 'pii/person'],
    ])
    expect(at(values.toReversed(), 'ERIKA ZYANKA has AB-123')).toHaveLength(2)
  })

  it('of up to 120 characters are found in all ways, longer ones as they are written', () => {
    const [name, long] = [119, 120].map((length) => `Zyanka ${'Erikazy '.repeat(14)}`.padEnd(length, 'q') + 'Q')
    expect([name?.length, long?.length]).toEqual([120, 121])
    for (const [value = '', again] of [
      [name, 1],
      [long, 0],
    ] as const) {
      expect(at([[value, 'pii/organization']], value)).toHaveLength(1)
      expect(at([[value, 'pii/organization']], value.toUpperCase())).toHaveLength(again)
    }
  })

  it('are found though one that is longer than 256 characters is looked for, whichever was told of first', () => {
    const long = `a${'.b'.repeat(128)}`
    for (const values of [
      [long, 'c.d'],
      ['c.d', long],
    ]) {
      const known = new KnownValues()
      for (const value of values) known.add({ value, category: 'custom/word', fromTurn: 1 })
      expect(known.spansIn(`c.d ${long} c.d`)).toHaveLength(3)
    }
  })
})
