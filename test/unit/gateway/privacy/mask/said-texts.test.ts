import { expect, it } from 'vitest'
import { SaidTexts } from '../../../../../src/gateway/privacy/mask/said-texts.ts'

const said = new SaidTexts('{"n":77}', [
  { text: '{"a":4111111111111111}', turn: 3 },
  { text: 'Call 555-2671 “today”', turn: 1 },
  { text: 'Again: 4111111111111111', turn: 2 },
  { text: '', turn: 0 },
])

it('says of a text whether it stands in one of them', () => {
  expect(['“today”', '555-2671', '4111', '', 'tomorrow', '”"'].map((text) => said.has(text))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ])
})

it('says of a number whether it stands by itself in one of them', () => {
  const numbers = ['4111111111111111', '555', '2671', '411111', '26', '']
  expect(numbers.map((digits) => said.hasNumber(digits, 3))).toEqual([true, true, true, false, false, false])
})

it('says of a number whether it was said up to a turn', () => {
  expect([0, 1, 2, 3].map((turn) => said.hasNumber('4111111111111111', turn))).toEqual([false, false, true, true])
})

it('gives what is like a pattern, of the body and of each of its texts', () => {
  expect([...said.matching(/\d{2,}/g)]).toEqual(['77', '4111111111111111', '555', '2671', '4111111111111111'])
  expect([...said.matching(/tomorrow/g)]).toEqual([])
})
