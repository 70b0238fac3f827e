import { describe, expect, it } from 'vitest'
import { fitsForm, literalForms } from '../../../../../src/validators/sql/postgresql/literal-forms.ts'

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

describe('what may stand in the place of a literal', () => {
  const forms = (canonical: string, types: Readonly<Record<string, string>> | null) => {
    const constants = Object.entries(types ?? {}).map(([literal, type]) => ({
      offset: canonical.indexOf(literal),
      type: `pg_catalog.${type}`,
    }))
    return literalForms(canonical, { ...nothing, ...(types === null ? {} : { constants }) })
  }
  const nothing = { relations: [], columns: [], functions: [], output: [] }

  it('is anything of its kind for a number or a text, and a moment for a moment that is written in full', () => {
    const text = "SELECT 'a', 5, '2024-01-01', 'now', 'b', 'c', 'd', '2024-01-02'"
    const types = { "'a'": 'text', "'2024-01-01'": 'date', "'now'": 'timestamptz', "'b'": 'varchar', "'c'": 'mood' }
    const more = { "'2024-01-02'": 'timestamp' }
    expect(forms(text, { ...types, ...more })).toEqual([
      'any',
      'any',
      'moment',
      'fixed',
      'any',
      'fixed',
      'fixed',
      'moment',
    ])
    expect(forms(text, null)).toEqual(['fixed', 'any', ...Array<string>(6).fill('fixed')])
  })

  it('is told for all together where literals cannot be told from one another', () => {
    const text = "SELECT 'ä', E'a', 5"
    expect(forms(text, { "E'a'": 'text' })).toEqual([])
    expect(forms(text, { "E'a'": 'unknown', '5': 'int4' })).toEqual([])
    expect(forms(text, null)).toBeNull()
    expect(literalForms(text, { ...nothing, constants: [{ offset: 13, type: 'pg_catalog.date' }] })).toBeNull()
    expect(literalForms(text, { ...nothing, constants: [{ offset: 19, type: 'pg_catalog.int4' }] })).toEqual([])
  })
})
