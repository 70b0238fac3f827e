import { describe, expect, it } from 'vitest'
import { checkBytes } from '../../../../src/validators/sql/bytes.ts'

const limits = { maximumBytes: 40, maximumBrackets: 3 }
const rule = (source: string) => checkBytes(source, limits)?.rule ?? null
const [joiner, direction, zeroWidth] = ['\u200D', '\u202E', '\u200B']

describe('the bytes of a statement', () => {
  it('may be as many as the limit, counted as UTF-8', () => {
    expect(rule('x'.repeat(40))).toBeNull()
    expect(rule('ä'.repeat(20))).toBeNull()
    expect(checkBytes('x'.repeat(41), limits)).toEqual({
      rule: 'sql/too-long',
      offset: 0,
      message: 'The statement is 41 bytes long; at most 40 are accepted.',
    })
    expect(rule('ä'.repeat(21))).toBe('sql/too-long')
  })

  it('are well-formed Unicode', () => {
    expect(rule('SELECT \uD800')).toBe('sql/encoding')
    expect(rule('SELECT \u{1F600}')).toBeNull()
  })

  it.each(['', ' \t\r\n'])('are some: %j', (source) => {
    expect(rule(source)).toBe('sql/empty')
  })

  it.each(['\0', '\u0001', '\u001B', '\u007F', '\u0085', direction, zeroWidth, '\uFEFF'])(
    'hold nothing that is not seen: %j',
    (character) => {
      expect(rule(`SELECT${character}1`)).toBe('sql/character')
      expect(rule(`SELECT '${character}'`)).toBe('sql/character')
    },
  )

  it('say where such a character stands, in bytes, and which it is', () => {
    expect(checkBytes('SELECT ä\u0007', limits)).toEqual({
      rule: 'sql/character',
      offset: 9,
      message: 'The statement holds a control character (U+0007). Send plain SQL text.',
    })
    expect(checkBytes(`a${direction}`, limits)?.message).toContain('direction-changing character (U+202E)')
    expect(checkBytes(`a${joiner}`, limits)?.message).toContain('invisible character outside a plain text')
  })

  it.each([`SELECT 'a${joiner}b'`, `SELECT '${joiner}', '${joiner}'`])(
    'may hold the joiners of words and emoji in a text in quotes: %j',
    (source) => {
      expect(rule(source)).toBeNull()
    },
  )

  it.each([
    `SELECT a${joiner}b`,
    `SELECT "a${joiner}b"`,
    `SELECT 'a' -- '${joiner}'`,
    `SELECT 'a', ${joiner}'b'`,
    `SELECT E'\\'${joiner}'`,
    `SELECT $$'${joiner}'$$`,
    `SELECT /* ' */ '${joiner}'`,
    `SELECT 'it''s' ${joiner}`,
  ])('may hold them nowhere else: %j', (source) => {
    expect(rule(source)).toBe('sql/character')
  })

  it.each([
    ['((()))', null],
    ['([([', 'sql/too-deep'],
    ['(((())))', 'sql/too-deep'],
    ['()()()()', null],
    [')))((()', null],
    ['(([)])(((', null],
    ['(([)])((((', 'sql/too-deep'],
    ["'(((('", 'sql/too-deep'],
  ])('nest brackets of both sorts no deeper than the limit: %s', (source, expected) => {
    expect(rule(source)).toBe(expected)
  })

  it('say where the bracket that is too deep stands, in bytes', () => {
    expect(checkBytes('ä((((', limits)).toEqual({
      rule: 'sql/too-deep',
      offset: 5,
      message: 'Brackets are nested deeper than 3. Split the statement with WITH.',
    })
  })
})
