import { expect, it } from 'vitest'
import { kindOf } from '../../../../src/filters/remote/presidio-kinds.ts'

it.each([
  ['PERSON', 'pii/person', true],
  ['LOCATION', 'pii/location', true],
  ['ORGANIZATION', 'pii/organization', true],
  ['US_SSN', 'pii/ssn', false],
  ['CREDIT_CARD', 'pii/card', false],
  ['STAFF_NUMBER_2', 'presidio/staff-number', false],
  ['constructor', 'presidio/constructor', false],
  ['42', 'presidio/entity', false],
])('%s is %s', (entity, category, isOfWords) => {
  expect(kindOf(entity)).toEqual({ category, isOfWords })
  expect(category).toMatch(/^[a-z]+\/[a-z]+(?:-[a-z]+)*$/)
})
