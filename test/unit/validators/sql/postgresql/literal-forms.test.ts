import { describe, expect, it } from 'vitest'
import { fitsForm } from '../../../../../src/validators/sql/postgresql/literal-forms.ts'

describe('a literal in the place of another one', () => {
  it.each([
    ["'2024-02-29'", true],
    ["'2023-02-29'", false],
    ["'2024-00-10'", false],
    ["'2024-12-31 23:59:59.999999'", true],
    ["'2024-12-31T00:00'", true],
    ["'2024-12-31 24:00'", false],
    ["'2024-12-31 23:60'", false],
    ["'2024-12-31 23:59:60'", false],
    ["'2024-12-31 23:59:59.9999999'", false],
    ["'2024-12-31 23:59 '", false],
    ["'0001-01-01'", true],
    ["'0000-12-31'", false],
    ["'24-12-31'", false],
    ["'now'", false],
    ['20241231', false],
  ])('is a moment: %s is %s', (literal, fits) => {
    expect(fitsForm('moment', literal, "'2024-01-01'")).toBe(fits)
  })

  it('is the same one, or stands where any may', () => {
    expect(fitsForm('fixed', "'a'", "'a'")).toBe(true)
    expect(fitsForm('fixed', "'b'", "'a'")).toBe(false)
    expect(fitsForm('moment', "'tomorrow'", "'tomorrow'")).toBe(true)
    expect(fitsForm('any', "'b'", "'a'")).toBe(true)
  })
})
