import { describe, expect, it } from 'vitest'
import { KnownValues } from '../../../../../src/gateway/privacy/mask/known-values.ts'

function knowing(values: readonly string[], others = 0): KnownValues {
  const known = new KnownValues()
  for (const value of values) known.add({ value, category: 'pii/person', fromTurn: 3 })
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
    known.add({ value: 'Ann', category: 'pii/location', fromTurn: 5 })
    known.add({ value: 'Ann', category: 'pii/email', fromTurn: 2 })
    expect(known.spansIn('Ann')).toEqual([{ start: 0, end: 3, category: 'pii/person', fromTurn: 2 }])
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
