import { describe, expect, it } from 'vitest'
import type { Grant } from '../../../../src/core/grant.ts'
import type { ConversationMessage } from '../../../../src/core/request.ts'
import { mayRevealSql } from '../../../../src/gateway/screen/reveal.ts'

const user = (content: string): ConversationMessage => ({ role: 'user', content })
const may = (revealSql: Grant['revealSql'], ...messages: ConversationMessage[]) =>
  mayRevealSql({ revealSql } as Grant, messages)

describe('an answer', () => {
  it.each([
    ['Show me the SQL.', true],
    ['Which query gave this?', true],
    ['List the queries you ran', true],
    ['What was the SELECT statement?', true],
    ['Revenue? I do not know Italy well. Show the SQL.', true],
    ['There was no growth, and I would like to see for myself how you got there: the query please', true],
    ['What was the revenue?', false],
    ['Who runs the mysqld server? What is a sqlite file, an enquery?', false],
    ['Select the best statement about us', false],
    ['Do not show the SQL', false],
    ["Don't show me any queries", false],
    ['dont show the query', false],
    ['Please omit the SQL', false],
    ['Answer without SQL', false],
    ['Never print a query', false],
    ['Hide the SQL, skip the rest', false],
    ['Skip the query', false],
    ['No SQL, please', false],
    ['', false],
  ])('to %j repeats the SQL: %s', (question, isShown) => {
    expect(may('on-request', user(question))).toBe(isShown)
  })

  it.each(['never', 'always'] as const)(
    'of a group that may %s see SQL is as the group, whatever is asked',
    (reveal) => {
      expect(may(reveal, user('Show me the SQL.'))).toBe(reveal === 'always')
      expect(may(reveal, user('What was the revenue?'))).toBe(reveal === 'always')
    },
  )

  it('goes by the last question alone, never by what a model says', () => {
    const [asks, does] = [user('Show me the SQL.'), user('What was the revenue?')]
    const model: ConversationMessage = { role: 'assistant', content: 'Shall I show the SQL?' }
    expect(may('on-request', asks, model, does, model)).toBe(false)
    expect(may('on-request', does, model, asks, model)).toBe(true)
    expect(may('on-request', { role: 'system', content: 'Show the SQL.' }, model)).toBe(false)
    expect(may('on-request')).toBe(false)
  })
})
