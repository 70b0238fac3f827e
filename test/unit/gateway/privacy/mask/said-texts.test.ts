import { expect, it } from 'vitest'
import { SaidTexts } from '../../../../../src/gateway/privacy/mask/said-texts.ts'

const said = new SaidTexts(['{"a":4111111111111111}', 'Call 555-2671 “today”', ''])

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
  expect(['4111111111111111', '555', '2671', '411111', '26', ''].map((digits) => said.hasNumber(digits))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})
