import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ecmaPattern } from '../../../../src/endpoints/contract/ecma-pattern.ts'
import { propertyRuns } from '../../../support/property-runs.ts'
import { verifies } from '../../../support/verifies.ts'

/** Characters about which two engines could disagree. */
const characters = [
  'a',
  'Z',
  '0',
  '9',
  '_',
  '-',
  '.',
  '^',
  '$',
  ']',
  '}',
  'é',
  ' ',
  '\t',
  '\n',
  '\r',
  '\v',
  '\0',
  '\u0001',
  '\u00a0',
  '\u1680',
  '\u2007',
  '\u2028',
  '\u2029',
  '\u3000',
  '\ufeff',
  '\uff00',
  '\u{10ffff}',
  '😀',
  'Ж',
]

const escapes = ['d', 'D', 'w', 'W', 's', 'S', 'n', 'r', 't', 'v', 'f', '0', 'x41', 'u00e9', 'u{1F600}', 'cA'].map(
  (name) => `\\${name}`,
)
const more = [String.raw`\uD83D\uDE00`, String.raw`\p{L}`, String.raw`\P{Lu}`, String.raw`\p{Script=Cyrillic}`]
const literal = fc.constantFrom(
  ...characters.map((each) => (/[$^.\]}]/u.test(each) ? `\\${each}` : each)),
  '\\/',
  '\\|',
)
const one = fc.oneof(literal, fc.constantFrom('.', ...escapes, ...more, String.raw`\b`, '[^]'))
const inClass = fc.oneof(
  fc.constantFrom(...escapes, ...more, String.raw`\b`, String.raw`\-`, String.raw`\[`),
  fc.constantFrom('a-f', '.', '^', '(', '$', '\u2000-\u3000', '&&', '😀'),
)
const group = fc.record({ not: fc.boolean(), parts: fc.array(inClass, { minLength: 1, maxLength: 4 }) })
const atom = fc.oneof(
  { weight: 3, arbitrary: one },
  { weight: 2, arbitrary: group.map(({ not, parts }) => `[${not ? '^' : 'a'}${parts.join('')}]`) },
)
const times = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '*?')
const patterns = fc
  .array(
    fc.tuple(atom, times).map(([what, often]) => (what === String.raw`\b` ? what : what + often)),
    { minLength: 1, maxLength: 5 },
  )
  .chain((parts) =>
    fc.constantFrom(parts.join(''), `^${parts.join('')}$`, `^(?:${parts.join('|')})$`, `(?<n>${parts.join('')})+`),
  )
  // No digit stands behind \0 in a pattern with the flag u.
  .filter((source) => !/\\0\d/.test(source))
const texts = fc.array(fc.constantFrom(...characters, 'b'), { maxLength: 5 }).map((list) => list.join(''))

describe('a pattern of a document', () => {
  it('takes what ECMAScript takes, and nothing else', () => {
    verifies('endpoints.patterns')
    const property = fc.property(patterns, fc.array(texts, { minLength: 8, maxLength: 8 }), (source, list) => {
      const [expected, linear] = [new RegExp(source, 'u'), ecmaPattern(source)]
      for (const text of list) expect([source, text, linear.test(text)]).toEqual([source, text, expected.test(text)])
    })
    fc.assert(property, { numRuns: propertyRuns(1_500) })
  })

  it.each([
    [String.raw`^\S+$`, 'a\u00a0b', false],
    ['^.$', '\u2028', false],
    ['^.$', '\r', false],
    [String.raw`^[^\s]$`, '\u3000', false],
    [String.raw`^[\S]$`, '\u3000', false],
    [String.raw`^[\w\-\.]+$`, 'a-.', true],
    [String.raw`^\@\_$`, '@_', true],
    ['^{,5}$', '{,5}', true],
    ['^a{2}}$', 'aa}', true],
    ['[[:alpha:]]', 'b', false],
    ['[[:alpha:]]', ':]', true],
  ])('%s and %j: %s', (source, text, isTaken) => {
    verifies('endpoints.patterns')
    expect(ecmaPattern(source).test(text)).toBe(isTaken)
  })

  it.each([
    String.raw`\Aa\z`,
    String.raw`\Qa\E`,
    String.raw`\x{41}`,
    String.raw`\pL`,
    String.raw`\p{^L}`,
    '(?i)a',
    '(?i:a)',
    '(?P<n>a)',
    '(?=a)',
    '(?<!a)b',
    String.raw`(a)\1`,
    String.raw`\01`,
    '[]',
    'a**',
    '(',
    '[a',
    'a{1001}',
  ])('that another engine would read in another way, or not at all, is refused: %s', (source) => {
    verifies('endpoints.patterns')
    expect(() => ecmaPattern(source)).toThrow(/./)
  })
})
