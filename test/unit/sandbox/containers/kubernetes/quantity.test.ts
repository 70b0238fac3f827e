import { describe, expect, it } from 'vitest'
import { parseQuantity } from '../../../../../src/sandbox/containers/kubernetes/quantity.ts'

describe('a quantity', () => {
  it.each([
    ['500m', 0.5],
    ['1', 1],
    ['1.5', 1.5],
    ['960Mi', 1_006_632_960],
    ['8Gi', 8_589_934_592],
    ['1e3', 1000],
    ['12E', 12e18],
    ['2k', 2000],
    ['100n', 1e-7],
  ])('%s is %d', (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 10)
  })

  it.each(['', 'm', '1 Gi', '1gi', '0x10', 'NaN', '1Mi2', '--1'])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeNull()
  })
})
