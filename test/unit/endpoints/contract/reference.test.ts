import { describe, expect, it } from 'vitest'
import { membersAt, partAt } from '../../../../src/endpoints/contract/reference.ts'

const at = { $ref: '#/a' }

describe('what a reference leads to', () => {
  it.each([
    ['#/a', { a: { here: true } }, '/a'],
    ['#/a/b', { a: { b: { here: true } } }, '/a/b'],
    ['#/a/1', { a: [{}, { here: true }] }, '/a/1'],
    ['#/~1a~0b', { '/a~b': { here: true } }, '/~1a~0b'],
    ['#/~01', { '~1': { here: true } }, '/~01'],
    ['#/a%20b', { 'a b': { here: true } }, '/a%20b'],
    ['#/', { '': { here: true } }, '/'],
  ])('is found: %s', (reference, root, place) => {
    expect(partAt(root, { $ref: reference }, '/from')).toEqual({ value: { here: true }, place })
  })

  it('is the thing itself where it is no reference', () => {
    expect(partAt({}, { a: 1 }, '/from')).toEqual({ value: { a: 1 }, place: '/from' })
    expect(partAt({}, { $ref: { a: 1 } }, '/from')).toEqual({ value: { $ref: { a: 1 } }, place: '/from' })
  })

  it.each([
    ['#/b', { a: {} }, '/from/$ref points to nothing'],
    ['#/a/b', { a: 'text' }, '/from/$ref points to nothing'],
    ['#/a/b', { a: null }, '/from/$ref points to nothing'],
    ['#/toString', {}, '/from/$ref points to nothing'],
    ['#/a/constructor', { a: {} }, '/from/$ref points to nothing'],
    ['#/%ff', {}, '/from/$ref is no JSON pointer'],
    ['#/a', { a: 'text' }, '/a is no object'],
    ['#/a', { a: [] }, '/a is no object'],
    ['#/a', { a: { $ref: '#/a' } }, '/from/$ref leads to more references than are followed'],
  ])('is refused where it is none: %s', (reference, root, message) => {
    expect(() => partAt(root, { $ref: reference }, '/from')).toThrow(message)
  })

  it.each([null, 'a', 1, [], undefined])('is refused where there is no object: %j', (value) => {
    expect(() => partAt({}, value, '/from')).toThrow('/from is no object')
  })

  it('is followed through as many references as that, and through no more', () => {
    const chain = (steps: number): Record<string, object> =>
      Object.fromEntries([
        ...Array.from({ length: steps - 1 }, (_, step) => [step === 0 ? 'a' : `a${step}`, { $ref: `#/a${step + 1}` }]),
        [steps === 1 ? 'a' : `a${steps - 1}`, { here: true }],
      ]) as Record<string, object>
    expect(partAt(chain(16), at, '').value).toEqual({ here: true })
    expect(() => partAt(chain(17), at, '')).toThrow('leads to more references than are followed')
  })
})

it('members of an object have their places, and what is no object has none', () => {
  expect(membersAt({ 'a/b': 1, 'c~': 2 }, '/x')).toEqual([
    { name: 'a/b', value: 1, place: '/x/a~1b' },
    { name: 'c~', value: 2, place: '/x/c~0' },
  ])
  for (const value of [null, [1], 'a', undefined]) expect(membersAt(value, '/x')).toEqual([])
})
