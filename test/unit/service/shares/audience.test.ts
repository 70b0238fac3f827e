import { describe, expect, it } from 'vitest'
import { createNames } from '../../../../src/service/shares/audience.ts'

const names = createNames(['salary', 'card_number', 'staff', 'bonus$1'])

describe('names that an audience does not see', () => {
  it.each([
    'The card_number is there.',
    'See CARD_NUMBER.',
    'Use `salary` for it.',
    'It is "salary" there.',
    'staff.name is one',
    'Look at s.salary, too.',
    'bonus$1 counts',
  ])('are found in an answer: %s', (text) => {
    expect(names(text, 'prose')).toBe(true)
  })

  it.each(['The salary of our staff is fair.', 'Salary.', 'my_card_numbers', 'card number'])(
    'are no words of a sentence: %s',
    (text) => {
      expect(names(text, 'prose')).toBe(false)
    },
  )

  it('count wherever a program has them', () => {
    expect(names('SELECT salary FROM x', 'code')).toBe(true)
    expect(names('SELECT salaries FROM x', 'code')).toBe(false)
  })

  it('are none where the audience sees all', () => {
    expect(createNames([])('anything', 'code')).toBe(false)
  })
})
