import { describe, expect, it } from 'vitest'
import { checkOf } from '../../../../src/filters/custom/checks.ts'
import { checkNames, customCategories, customOptions } from '../../../../src/filters/custom/options.ts'
import { numberKinds } from '../../../../src/filters/identifiers/check-digits.ts'

/** What a person would read of the first thing that is wrong, and where. */
function refusalOf(options: unknown): string | undefined {
  const issue = customOptions.safeParse(options).error?.issues[0]
  return issue === undefined ? undefined : `${issue.path.join('.')}: ${issue.message}`
}
const recognizer = (more: object) => ({ recognizers: [{ name: 'a', pattern: 'a', ...more }] })

describe('what an operator defines is refused with its place and the reason:', () => {
  it.each([
    [
      'a pattern that looks around',
      recognizer({ pattern: '(?<=a)b' }),
      /^recognizers\.0\.pattern: is no pattern of RE2/,
    ],
    ['one that refers back', recognizer({ pattern: String.raw`(a)\1` }), /is no pattern of RE2, which looks neither/],
    ['one that does not close', recognizer({ pattern: '(a' }), /missing closing \)/],
    ['one that is nested beyond all memory', recognizer({ pattern: '((a{100}){100}){100}' }), /invalid repeat count/],
    ['one that matches nothing at all', recognizer({ pattern: 'a*' }), /must not match an empty text; "\+" takes/],
    ['an empty one', recognizer({ pattern: '' }), /must not match an empty text/],
    ['one that is too long', recognizer({ pattern: 'a'.repeat(1_001) }), /^recognizers\.0\.pattern: must have 1,000/],
    ['one of a list', { allow: { patterns: ['ok', '['] } }, /^allow\.patterns\.1: is no pattern of RE2/],
    ['a name that no rule could name', recognizer({ name: 'Bad 1' }), /^recognizers\.0\.name: letters in lower case/],
    ['a category that no rule could name', recognizer({ category: 'x' }), /^recognizers\.0\.category: a category like/],
    ['a check that there is not', recognizer({ check: 'lun' }), /^recognizers\.0\.check: .*"luhn".*"de\/idnr"/],
    ['a score beyond 1', recognizer({ score: 2 }), /^recognizers\.0\.score: /],
    ['a setting that there is not', recognizer({ patern: 'a' }), /^recognizers\.0: .*"patern"/],
    ['a list without a category', { deny: [{ values: ['a'] }] }, /^deny\.0\.category: /],
    [
      'a value without a letter',
      { deny: [{ category: 'custom/a', values: ['ok', '--'] }] },
      /^deny\.0\.values\.1: must hold/,
    ],
    ['a value that is too long', { allow: { values: ['a'.repeat(1_001)] } }, /^allow\.values\.0: /],
    [
      'two recognizers of one name',
      { recognizers: ['a', 'b', 'a'].map((name) => ({ name, pattern: 'x' })) },
      /^recognizers\.2\.name: there is a recognizer "a" before; give each its own name/,
    ],
  ])('%s', (_what, options, refusal) => {
    expect(refusalOf(options)).toMatch(refusal)
  })
})

describe('what an operator defines', () => {
  it('is taken where it is on the edge of what is', () => {
    for (const more of [
      { score: 0, named_score: 1 },
      { score: 1, named_score: 0 },
      { words: ['ab', 'a'.repeat(64)] },
      { name: 'a-b-c', category: 'a/b' },
      { category: 'a-b/c-d' },
      { category: null, check: null, ignore_case: true },
    ])
      expect([more, refusalOf(recognizer(more))]).toEqual([more, undefined])
    expect(refusalOf({ allow: { values: ['a'.repeat(1_000), '7', 'é'] } })).toBeUndefined()
  })

  it.each([
    { score: -0.1 },
    { named_score: 1.1 },
    { named_score: -0.1 },
    { words: ['a'] },
    { words: ['a'.repeat(65)] },
    { name: 'a-' },
    { name: '-a' },
    { name: 'a--b' },
    { name: '' },
    { category: 'a' },
    { category: 'a/b/c' },
    { category: 'A/b' },
    { category: 'a/b-' },
    { category: ' a/b' },
    { category: 'a/b ' },
    { ignore_case: 'yes' },
  ])('is not %j', (more) => {
    expect(refusalOf(recognizer(more))).toBeDefined()
  })

  it('counts 0.6 by itself and 0.9 with a word, in any case of letters only where it says so', () => {
    expect(customOptions.parse(recognizer({})).recognizers).toEqual([
      {
        name: 'a',
        pattern: 'a',
        ignore_case: false,
        category: null,
        score: 0.6,
        words: [],
        named_score: 0.9,
        within_words: false,
        check: null,
      },
    ])
  })

  it('has as many patterns as it likes, of up to a thousand characters', () => {
    expect(refusalOf(recognizer({ pattern: 'a'.repeat(1_000) }))).toBeUndefined()
    expect(customOptions.parse({})).toEqual({ recognizers: [], allow: { values: [], patterns: [] }, deny: [] })
  })

  it('has the categories that it names, or custom/ and the name', () => {
    const { recognizers, deny } = customOptions.parse({
      recognizers: [
        { name: 'a', pattern: 'a' },
        { name: 'b', pattern: 'b', category: 'pii/b' },
      ],
      deny: [{ category: 'custom/c' }],
    })
    expect(customCategories({ recognizers, deny })).toEqual(['custom/a', 'pii/b', 'custom/c'])
  })

  it('can be checked by every check digit that there is', () => {
    expect(checkNames).toEqual(['luhn', 'mod97-10', 'mod11', 'routing-number', 'vin', ...numberKinds])
    for (const name of checkNames) expect([name, checkOf(name)('x')]).toEqual([name, false])
  })

  it.each([
    ['luhn', '4111 1111-1111 1111', '4111 1111 1111 1112'],
    ['mod97-10', 'gb82 west 1234 5698 7654 32', 'gb82 west 1234 5698 7654 33'],
    ['mod97-10', 'GB18 0', 'GB18 1'],
    ['mod97-10', 'GB18.0', 'GB18'],
    ['mod11', '943 476 5919', '943 476 5918'],
    ['routing-number', '0210-0002-1', '0210-0002-2'],
    ['vin', '1hgcm82633a004352', '1hgcm82643a004352'],
    ['vin', '1M8-GDM9AXKP042788', '1M8-GDM9A1KP042788'],
  ] as const)('%s: passes %s however it is written, and not %s', (name, good, bad) => {
    expect([checkOf(name)(good), checkOf(name)(bad)]).toEqual([true, false])
  })
})
