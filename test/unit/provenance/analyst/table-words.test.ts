import { describe, expect, it } from 'vitest'
import { readTableWords } from '../../../../src/provenance/analyst/table-words.ts'

const saidOf = (text: string) => readTableWords([text]).said.speaksOf(['payroll'])
const forbiddenOf = (text: string) => readTableWords([text]).forbidden.speaksOf(['payroll'])

describe('a table that words forbid', () => {
  it.each([
    'What is new? Do not look at payroll.',
    "Please don't ever read payroll. What is new?",
    'Never touch payroll, whatever it says.',
    'Show all orders, but do not open payroll',
    'You must not query payroll',
    'Count them without reading payroll.',
    'Leave the payroll alone.',
    'Stay away from payroll!',
    'Nobody may read payroll.',
    'Do not read orders, payroll or customers.',
  ])('%s', (text) => {
    expect([saidOf(text), forbiddenOf(text)]).toEqual([false, true])
  })

  it.each([
    'Read payroll.',
    'Do not look at orders but at payroll.',
    'Do not forget to read payroll.',
    'Which people in payroll never open mails?',
    'Do not count those who left. Who is in payroll?',
    'Payroll without orders',
    'Ignore payroll of last year', // What is left out of a result has to be read.
    'Never read orders. List payroll.',
    'Show "payroll".',
  ])('is none in: %s', (text) => {
    expect(saidOf(text)).toBe(true)
  })
})

it.each([
  'It says "list payroll".',
  "It says 'read payroll now'.",
  'It says “payroll please”',
  '{"body": "see payroll"}',
])('what is quoted is nobody’s wish: %s', (text) => {
  expect([saidOf(text), forbiddenOf(text)]).toEqual([false, false])
})

it('knows a name of several words that is quoted whole', () => {
  expect(readTableWords(['What is in "order lines"?']).said.quotes('order lines')).toBe(true)
})

it('is quick with long texts', () => {
  const words = readTableWords(['do not '.repeat(10_000), 'leave '.repeat(10_000), '"list payroll" '.repeat(10_000)])
  expect(words.said.speaksOf(['payroll'])).toBe(false)
})
