import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recognizers } from '../../../../../src/filters/identifiers/find-identifiers.ts'
import { Labels } from '../../../../../src/gateway/privacy/tokens/labels.ts'
import { verifies } from '../../../../support/verifies.ts'

const patterns = resolve(import.meta.dirname, '../../../../../src/filters/pii')
const ofPatterns = readdirSync(patterns).flatMap((file) =>
  Array.from(
    readFileSync(join(patterns, file), 'utf8').matchAll(/category: '([^']+)'/g),
    ([, category = '']) => category,
  ),
)

/** Kinds that a detector of the service finds. */
const found = new Set([...recognizers.map(({ category }) => category), ...ofPatterns])

describe('labels of tokens', () => {
  it('are each kind’s own, for every kind that is found', () => {
    verifies('pii.labels')
    const labels = new Labels()
    expect(found.size).toBeGreaterThan(50)
    const own = Array.from(found, (category) => labels.of(category))
    expect(new Set(own).size).toBe(found.size)
    expect(own).not.toContain('VALUE')
  })

  it.each([
    ['pii/email', 'EMAIL'],
    ['pii/person', 'PERSON'],
    ['pii/organization', 'COMPANY'],
    ['pii/location', 'PLACE'],
    ['secret/openai-key', 'SECRET'],
    ['secret', 'SECRET'],
    ['literal', 'LITERAL'],
    ['pii/never-heard-of', 'VALUE'],
    ['custom/employee-number', 'VALUE'],
  ])('say of %s that it is %s', (category, label) => {
    expect(new Labels().of(category)).toBe(label)
  })

  it('are all known, the common one too: whatever bears one reads as a token', () => {
    const labels = new Labels(['custom/employee-number'])
    for (const category of ['pii/email', 'literal', 'secret/any', 'custom/employee-number', 'custom/other'])
      expect(labels.all).toContain(labels.of(category))
  })

  it('are letters, and none is the end of another one', () => {
    const all = [...new Labels(['custom/employee-number', 'custom/plate']).all]
    for (const label of all) {
      expect(label).toMatch(/^[A-Z]{2,24}$/)
      expect(all.filter((other) => other.endsWith(label))).toEqual([label])
    }
  })

  it('come of an operator’s own kinds, where they can be told from all others', () => {
    const labels = new Labels([
      'custom/employee-number',
      'custom/e-mail',
      'custom/mail',
      'custom/my-email',
      'custom/9',
      'custom/x',
    ])
    expect(labels.of('custom/employee-number')).toBe('EMPLOYEENUMBER')
    for (const taken of ['custom/mail', 'custom/my-email', 'custom/9', 'custom/x'])
      expect(labels.of(taken)).toBe('VALUE')
    expect(labels.all.has('EMPLOYEENUMBER')).toBe(true)
  })

  it('stay what they are for kinds that the detectors find, too', () => {
    const labels = new Labels(['pii/organization', 'pii/email', 'secret/vault'])
    expect(['pii/organization', 'pii/email', 'secret/vault'].map((kind) => labels.of(kind))).toEqual([
      'COMPANY',
      'EMAIL',
      'SECRET',
    ])
    expect(labels.all).toEqual(new Labels().all)
  })
})
