import { describe, expect, it } from 'vitest'
import { createCustomFilter, withoutAllowed } from '../../../../src/filters/custom/custom-filter.ts'
import { customOptions } from '../../../../src/filters/custom/options.ts'
import { createPiiFilter } from '../../../../src/filters/pii/pii-filter.ts'
import { createSecretsFilter } from '../../../../src/filters/secrets/secrets-filter.ts'
import { found, never } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'

const filterOf = (options: unknown) => createCustomFilter(customOptions.parse(options))
const employee = { name: 'employee-number', pattern: 'E-[0-9]{6}' }

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

  it('take no account number of four characters, whose check digits are all of it', async () => {
    const filter = filterOf({ recognizers: [{ name: 'checked', pattern: '[A-Z]{2}[0-9]{2,3}', check: 'mod97-10' }] })
    expect(await found(filter, 'DE36 DE091')).toEqual(['custom/checked: DE091'])
  })

  it('count as surely as they say, with a word near and without one', async () => {
    const scores = async (text: string, more: object = {}) => {
      const filter = filterOf({
        recognizers: [{ ...employee, words: ['badge'], score: 0.55, named_score: 0.75, ...more }],
      })
      const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
      const findings = await filter.inspect([{ text, provenance: 'user' }], context, never)
      return findings.map(({ score, detector }) => [score, detector])
    }
    expect(await scores('E-123456')).toEqual([[0.55, 'custom@1']])
    expect(await scores('badge E-123456')).toEqual([[0.75, 'custom@1']])
    expect(await scores('badges E-123456')).toEqual([[0.55, 'custom@1']])
    expect(await scores('badge E-123456', { words: [] })).toEqual([[0.55, 'custom@1']])
    expect(await scores('x', { score: 0 })).toEqual([])
    expect(await scores('E-123456', { score: 0 })).toEqual([])
    expect(await scores('badge E-123456', { named_score: 0 })).toEqual([])
  })

  it('are looked for in the stretch of a text that is asked for', async () => {
    const filter = filterOf({
      recognizers: [employee],
      deny: [{ category: 'custom/a', values: ['one', 'two'], patterns: ['fo+'] }],
    })
    const text = 'E-123456 one foo | E-654321 two fooo'
    const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
    const focus = { start: text.indexOf('|'), end: text.length }
    const findings = await filter.inspect([{ text, provenance: 'user', focus }], context, never)
    expect(findings.map(({ start, end }) => text.slice(start, end)).toSorted()).toEqual(['E-654321', 'fooo', 'two'])
    expect(findings.map(({ score }) => score)).toEqual([0.6, 1, 1])
  })

  it.each([
    ['(E-123456)', true],
    ['E-123456.', true],
    ['E-123456, please', true],
    ['id=E-123456&x=1', true],
    ['/staff/E-123456/edit', true],
    ['staff_E-123456_photo.pdf', true],
    ['an E-123456-based rule', true],
    ['E-123456: 3.5 days', true],
    ['员工E-123456号', true],
    ['직원 E-123456은', true],
    ['1.E-123456', true],
    ['ABE-123456-X', false],
    ['ABE-123456', false],
    ['1E-123456', false],
    ['éE-123456', false],
    ['ЖE-123456', false],
    ['E-1234567', false],
    ['E-123456a', false],
    ['E-123456-X', false],
    ['E-123456_7', false],
    ['E-123456-2024a', false],
    ['2024-E-123456', false],
    ['X_E-123456', false],
    ['E-123456.5', false],
    ['E-123456,5', false],
  ])('match whole words and numbers, and within longer ones where that is asked for: %s', async (text, isWhole) => {
    verifies('own-values.whole')
    expect(await found(filterOf({ recognizers: [employee] }), text)).toEqual(
      isWhole ? ['custom/employee-number: E-123456'] : [],
    )
    const within = filterOf({ recognizers: [{ ...employee, within_words: true }] })
    expect(await found(within, text)).toEqual(['custom/employee-number: E-123456'])
  })

  it.each([
    ['[0-9]{5}', '0.12345', []],
    ['[0-9]{5}', '12345.67', []],
    ['[0-9]{5}', '1,12345', []],
    ['[0-9]{5}', 'a.12345', ['12345']],
    ['[0-9]{5}', '123456 12345', ['12345']],
    ['#[0-9]+#', 'a#12345#b', ['#12345#']],
    ['#[0-9]+', 'a#12345', ['#12345']],
    ['#[0-9]+', 'a#12345b', []],
    ['[0-9]+#', '12345#b', ['12345#']],
    ['[0-9]+#', 'a12345#', []],
    ['员工[0-9]{3}', '新员工123号', ['员工123']],
  ])('go by the edges of a match: %s in %s', async (pattern, text, expected) => {
    expect(await found(filterOf({ recognizers: [{ name: 'own', pattern }] }), text)).toEqual(
      expected.map((value) => `custom/own: ${value}`),
    )
  })

  it('find nothing where a pattern matches between characters alone', async () => {
    const filter = filterOf({ recognizers: [{ name: 'edge', pattern: String.raw`\bx*` }] })
    expect(await found(filter, 'a xx')).toEqual(['custom/edge: xx'])
  })

  it('read accents as the texts are read', async () => {
    const filter = filterOf({ recognizers: [{ name: 'project', pattern: 'Zürich-[0-9]+' }] })
    expect(await found(filter, 'see Zürich-77')).toEqual(['custom/project: Zürich-77'])
    expect(await found(filter, 'see Zurich-77')).toEqual(['custom/project: Zurich-77'])
  })

  // Each takes longer than the age of the world on an engine that tries one way after the other.
  it.each([
    ['(?:(?:x+)+y)+', 'x'.repeat(200_000)],
    ['(x|x)*y', 'x'.repeat(200_000)],
    ['(x|xx|xxx)+z$', 'x'.repeat(200_000)],
    ['(.*,){12}Q', 'a,'.repeat(50_000)],
    [String.raw`^(\s*\w+\s*)+;`, 'a '.repeat(50_000)],
  ])('take time by the length of the text, whatever the pattern: %s', async (pattern, text) => {
    verifies('own-values.linear')
    const filter = filterOf({
      recognizers: [{ name: 'nested', pattern }],
      deny: [{ category: 'custom/nested', patterns: [pattern] }],
    })
    expect(await found(filter, text)).toEqual([])
    expect(await found(withoutAllowed(filter, { values: [], patterns: [pattern] }), text)).toEqual([])
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

  it.each([
    'Pr0ject Blu3 H3ron',
    'p-roject blue her-on',
    'Project Blue H e r o n',
    'ᴘroject ʙlue ʜeron',
    'projeeect blue heron',
  ])('is found as a person reads it: %s', async (text) => {
    expect(await found(filter, `It is ${text}!`)).toEqual([`pii/organization: ${text}`])
  })

  it('is found by a pattern as it is written alone', async () => {
    expect(await found(filter, 'h3ron-grey')).toEqual([])
  })

  it('takes the longest of two that begin alike, in a list of many', async () => {
    const values = Array.from({ length: 20_000 }, (_, at) => `client ${at}`)
    const long = filterOf({ deny: [{ category: 'custom/client', values: [...values, 'client 7 of us'] }] })
    expect(await found(long, 'client 7 of us, client 19999, client 20001')).toEqual([
      'custom/client: client 7 of us',
      'custom/client: client 19999',
    ])
  })
})

describe('what is never found', () => {
  const { allow } = customOptions.parse({
    allow: { values: ['Help@Example.com'], patterns: ['[a-z]+@ours\\.example', '[a-z]+@theirs\\.example'] },
  })
  const filter = withoutAllowed(createPiiFilter(), allow)

  it('is exactly a value of the list, or as a whole a match', async () => {
    expect(await found(filter, 'help@example.com, kim@example.com, all@ours.example')).toEqual([
      'pii/email: kim@example.com',
    ])
    expect(await found(filter, 'xhelp@example.com and a1@ours.example')).toHaveLength(2)
  })

  it.each(['HELP@example.COM', 'ALL@ours.example', 'hélp@example.com'])(
    'is it in any case, and without accents: %s',
    async (text) => {
      expect(await found(filter, text)).toEqual([])
    },
  )

  it.each(['kim@example.com', 'help@example.com.evil.example', 'my.help@example.com', 'all@ours.example.com'])(
    'is no part of what was found: %s',
    async (text) => {
      verifies('own-values.allowed')
      expect(await found(filter, text)).toEqual([`pii/email: ${text}`])
    },
  )

  it('is a secret to the letter only', async () => {
    const key = ['ghp', 'Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4Ks0Pab'].join('_')
    const secrets = (values: readonly string[]) =>
      withoutAllowed(createSecretsFilter(), { values: [...values], patterns: [] })
    expect(await found(secrets([key]), `use ${key}`)).toEqual([])
    for (const other of [key.slice(0, -1), key.slice(4), key.toLowerCase(), `${key.slice(0, -1)}c`, ` ${key}`]) {
      expect(await found(secrets([other]), `use ${key}`)).toEqual([`secret/github-token: ${key}`])
    }
    const byPattern = (pattern: string) => withoutAllowed(createSecretsFilter(), { values: [], patterns: [pattern] })
    expect(await found(byPattern('ghp_[A-Za-z0-9]+'), `use ${key}`)).toEqual([])
    expect(await found(byPattern('ghp_[a-z]*'), `use ${key}`)).toHaveLength(1)
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
