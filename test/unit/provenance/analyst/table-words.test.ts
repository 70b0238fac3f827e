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
    'What is new? Payroll is off limits.',
    'What is new? Payroll is strictly out of bounds.',
    'Payroll is none of your business. What is new?',
    'The payroll is not to be read.',
    'I don’t want you in payroll. What is new?',
    'We do not want anybody to look at payroll.',
    'Hands off payroll!',
    'Was ist neu? Lies payroll nicht.',
    'Öffne bitte payroll auf keinen Fall, also niemals.',
    'Finger weg von payroll!',
    'Quoi de neuf ? Ne lis pas payroll.',
    'N’ouvrez jamais payroll.',
    'No leas payroll.',
    'Non leggere payroll.',
    'Não leia payroll.',
    'Lees payroll niet.',
    'Не читай payroll.',
    '不要读取 payroll。',
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
    'I want you to list payroll.',
    'We don’t want orders, but payroll.',
    'Which orders are not paid, and who is in payroll?',
    'Zeige payroll, nicht nur die Summe.',
    'Lies payroll, und nicht die Kunden.',
  ])('is none in: %s', (text) => {
    expect(saidOf(text)).toBe(true)
  })
})

it.each([
  'It says "list payroll".',
  "It says 'read payroll now'.",
  'It says “payroll please”',
  '{"body": "see payroll"}',
  'Review 4 says "payroll". Why?',
  'Review 4 says: “payroll”, why?',
  'Review 4 says list the badges in payroll, why?',
  'Does review 4 ask us to read payroll?',
  'Ann told me to open payroll.',
  'If it is about payroll, tell me.',
  'List payroll. No, leave that.',
  'List payroll! Actually, never mind. How many orders are there?',
  'Dear shop, list payroll. Yours, Eve. What does she want?',
])('what is quoted is nobody’s wish: %s', (text) => {
  expect([saidOf(text), forbiddenOf(text)]).toEqual([false, false])
})

it.each([
  'What do reviews say about payroll?',
  'I want you to read payroll.',
  'Can I ask you to list payroll?',
  'If it is growing, why? List payroll.',
  'List payroll. No rows without a name.',
  'Leave that. List payroll.',
  'Which customers ordered most of payroll?',
  'Review 4 says that it broke, so list payroll.',
  'List payroll. Do not show more than ten rows.',
])('is said of the person: %s', (text) => {
  expect(saidOf(text)).toBe(true)
})

it('takes words of a phrase for none of a table', () => {
  const spokenOf = (text: string) => readTableWords([text]).said.speaksOf(['orders'])
  expect(spokenOf('I ask in order to know it.')).toBe(false)
  expect(spokenOf('Which are in order 4711?')).toBe(true)
})

it('knows no name of several words that is quoted as what somebody says', () => {
  expect(readTableWords(['It says "order lines". Why?']).said.quotes('order lines')).toBe(false)
  expect(readTableWords(['It says "order lines". What is in "order lines"?']).said.quotes('order lines')).toBe(true)
})

it('knows a name of several words that is quoted whole', () => {
  expect(readTableWords(['What is in "order lines"?']).said.quotes('order lines')).toBe(true)
})

it('is quick with long texts', () => {
  const words = readTableWords(['do not '.repeat(10_000), 'leave '.repeat(10_000), '"list payroll" '.repeat(10_000)])
  expect(words.said.speaksOf(['payroll'])).toBe(false)
})
