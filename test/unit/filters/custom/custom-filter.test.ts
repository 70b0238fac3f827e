import { describe, expect, it } from 'vitest'
import { createCustomFilter, withoutAllowed } from '../../../../src/filters/custom/custom-filter.ts'
import { customOptions } from '../../../../src/filters/custom/options.ts'
import { createPiiFilter } from '../../../../src/filters/pii/pii-filter.ts'
import { found } from '../../../support/filters/filter-fixtures.ts'

const filterOf = (options: unknown) => createCustomFilter(customOptions.parse(options))
const employee = { name: 'employee-number', pattern: 'E-[0-9]{6}' }

/** What a person would read of the first thing that is wrong. */
const refusalOf = (options: unknown) => customOptions.safeParse(options).error?.issues[0]?.message

describe('recognizers of an operator', () => {
  it('find what matches, under their own name or a category of ours', async () => {
    expect(await found(filterOf({ recognizers: [employee] }), 'ask E-123456 or E-654321')).toEqual([
      'custom/employee-number: E-123456',
      'custom/employee-number: E-654321',
    ])
    const renamed = filterOf({ recognizers: [{ ...employee, category: 'pii/employee' }] })
    expect(await found(renamed, 'E-123456')).toEqual(['pii/employee: E-123456'])
    expect(await found(renamed, 'e-123456')).toEqual([])
    expect(await found(filterOf({ recognizers: [{ ...employee, ignore_case: true }] }), 'e-123456')).toHaveLength(1)
  })

  it('with a score of 0 need one of their words near: before, behind, over the column, in the name of the field', async () => {
    const filter = filterOf({
      recognizers: [{ name: 'badge', pattern: '[0-9]{5}', score: 0, words: ['badge', 'Dienstausweis', 'badge no.'] }],
    })
    expect(await found(filter, 'his badge is 12345')).toEqual(['custom/badge: 12345'])
    expect(await found(filter, 'Dienstausweis: 12345')).toHaveLength(1)
    expect(await found(filter, 'name;badge;room\nKim;12345;67890')).toEqual(['custom/badge: 12345'])
    expect(await found(filter, '12345', { label: 'badge_id' })).toHaveLength(1)
    expect(await found(filter, 'room 12345')).toEqual([])
  })

  it.each([
    ['luhn', '[0-9]{11}', 'A 79927398713 B 79927398714', '79927398713'],
    ['mod97-10', '[A-Z]{2}[0-9]{20}', 'DE89370400440532013000 DE88370400440532013000', 'DE89370400440532013000'],
    ['mod11', '[0-9]{10}', '9434765919 9434765918', '9434765919'],
    ['de/idnr', '[0-9]{11}', '36574261809 36574261808', '36574261809'],
  ])('take only what passes the check digits %s', async (check, pattern, text, expected) => {
    const filter = filterOf({ recognizers: [{ name: 'checked', pattern, check }] })
    expect(await found(filter, text)).toEqual([`custom/checked: ${expected}`])
  })

  it('read accents as the texts are read', async () => {
    const filter = filterOf({ recognizers: [{ name: 'project', pattern: 'Zürich-[0-9]+' }] })
    expect(await found(filter, 'see Zürich-77')).toEqual(['custom/project: Zürich-77'])
    expect(await found(filter, 'see Zurich-77')).toEqual(['custom/project: Zurich-77'])
  })

  it('take time by the length of the text, whatever the pattern', async () => {
    const filter = filterOf({ recognizers: [{ name: 'nested', pattern: '(?:(?:x+)+y)+' }] })
    expect(await found(filter, 'x'.repeat(200_000))).toEqual([])
  })

  it.each([
    ['one that looks around', '(?<=a)b', /is no pattern of RE2/],
    ['one that refers back', String.raw`(a)\1`, /is no pattern of RE2/],
    ['one that does not close', '(a', /is no pattern of RE2/],
    ['one that matches nothing', 'a*', /must not match an empty text/],
  ])('with %s are refused with the reason', (_what, pattern, reason) => {
    expect(refusalOf({ recognizers: [{ name: 'bad', pattern }] })).toMatch(reason)
  })

  it('with a name or a category that no rule could name are refused', () => {
    expect(refusalOf({ recognizers: [{ name: 'Bad 1', pattern: 'a' }] })).toMatch(/lower case and dashes/)
    expect(refusalOf({ recognizers: [{ name: 'a', pattern: 'a', category: 'x' }] })).toMatch(/a category like/)
    expect(refusalOf({ recognizers: [{ name: 'a', pattern: 'a', check: 'none' }] })).toBeDefined()
  })
})

describe('what is always found', () => {
  const filter = filterOf({
    deny: [
      { category: 'pii/organization', values: ['Project Blue Heron', 'Müller & Söhne', '+x9 z'] },
      { category: 'custom/code-name', patterns: ['heron-[a-z]+'] },
    ],
  })

  it.each([
    ['Is project  blue\nheron late?', 'pii/organization: project  blue\nheron'],
    ['(Project Blue Heron)', 'pii/organization: Project Blue Heron'],
    ['bei MÜLLER & SÖHNE', 'pii/organization: MÜLLER & SÖHNE'],
    ['a +x9 z b', 'pii/organization: +x9 z'],
    ['HERON-grey', 'custom/code-name: HERON-grey'],
  ])('is found whatever its case and its blanks: %j', async (text, expected) => {
    expect(await found(filter, text)).toEqual([expected])
  })

  it.each(['Project Blue Herons', 'MyProject Blue Heron', 'Project Blue', 'Project-Blue-Heron'])(
    'is found as whole words only: %s',
    async (text) => {
      expect(await found(filter, text)).toEqual([])
    },
  )

  it('takes the longest of two that begin alike, in a list of many', async () => {
    const values = Array.from({ length: 20_000 }, (_, at) => `client ${at}`)
    const long = filterOf({ deny: [{ category: 'custom/client', values: [...values, 'client 7 of us'] }] })
    expect(await found(long, 'client 7 of us, client 19999, client 20001')).toEqual([
      'custom/client: client 7 of us',
      'custom/client: client 19999',
    ])
  })

  it('needs a letter or a digit', () => {
    expect(refusalOf({ deny: [{ category: 'custom/a', values: ['--'] }] })).toMatch(/letter or a digit/)
  })
})

describe('what is never found', () => {
  const { allow } = customOptions.parse({
    allow: { values: ['Help@Example.com'], patterns: ['[a-z]+@ours\\.example'] },
  })
  const filter = withoutAllowed(createPiiFilter(), allow)

  it('is exactly a value of the list, or as a whole a match', async () => {
    expect(await found(filter, 'help@example.com, kim@example.com, all@ours.example')).toEqual([
      'pii/email: kim@example.com',
    ])
    expect(await found(filter, 'xhelp@example.com and a1@ours.example')).toHaveLength(2)
  })

  it('loses against a list of what is always found', async () => {
    const denied = filterOf({ deny: [{ category: 'custom/a', values: ['help@example.com'] }] })
    expect(await found(denied, 'help@example.com')).toEqual(['custom/a: help@example.com'])
  })

  it('leaves the filter as it is where the list is empty', () => {
    const plain = createPiiFilter()
    expect(withoutAllowed(plain, customOptions.parse({}).allow)).toBe(plain)
  })
})
