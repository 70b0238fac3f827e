import { describe, expect, it } from 'vitest'
import { withoutEcho } from '../../../../src/models/upstreams/without-echo.ts'

const asked = (body: object) => Buffer.from(JSON.stringify(body))
const messages = (content: unknown) => asked({ model: 'gpt-5', messages: [{ role: 'user', content }] })

describe('what an upstream says of a failure, without what it says back', () => {
  it.each([
    ['as it was written', 'Cannot read "My number is 078-05-1120, keep it."'],
    ['cut off in its middle', 'Cannot read My number is 078-05-11'],
    ['in capitals, apart', 'CANNOT READ MY  NUMBER_IS 078 05 1120'],
    ['escaped as in JSON', String.raw`{"error":"of \"My number is 078-05-1120\""}`],
    ['escaped twice', String.raw`{"e":"{\\\"c\\\":\\\"My number is \\u0030\\u00378-05-1120\\\"}"}`],
    ['as HTML', '<b>My number is&nbsp;078&#45;05-1120</b>'],
  ])('%s', (_, said) => {
    const shown = withoutEcho(said, messages('My number is 078-05-1120, keep it'))
    expect(shown).toContain('[request]')
    expect(shown).not.toMatch(/078|1120|number/i)
  })

  it.each([
    ['a name', asked({ user: 'ann-7' }), 'No quota for ann-7.', 'No quota for [request].'],
    ['a name in Cyrillic', asked({ user: 'Иван' }), 'Нет: Иван!', 'Нет: [request]!'],
    ['escaped by the caller', Buffer.from('{"user":"\\u0418\\u0432\\u0430\\u043d"}'), 'Нет: Иван!', 'Нет: [request]!'],
    ['a large number', asked({ metadata: { n: 4111111111111111 } }), 'Bad 4111111111111111.', 'Bad [request].'],
    ['a name of a member', asked({ metadata: { 'Patient-7': 1 } }), 'Bad key Patient-7.', 'Bad key [request].'],
    ['a number within one', messages('Call 555-0199 now'), 'No such number: 5550199.', 'No such number: [request].'],
    ['in a list', asked({ stop: ['Zebra'] }), 'Stop at Zebra.', 'Stop at [request].'],
  ])('nor a whole value: %s', (_, request, said, shown) => {
    expect(withoutEcho(said, request)).toBe(shown)
  })

  it.each([
    'The server had an error while processing your request. Sorry about that!',
    'Rate limit reached for gpt-5 in organization on tokens per min (TPM): Limit 30000, Used 29500, Requested 1200.',
    'The role user is not allowed here.',
    'Overloaded',
    '',
  ])('leaves a reason as it is: %s', (said) => {
    const request = messages('Who serves the best request for limits? Ann processes tokens, and a minute.')
    expect(withoutEcho(said, request)).toBe(said)
  })

  it('is nothing where the request is too long to be searched, and all where there was none', () => {
    const long = messages('secret '.repeat(200_000))
    expect(withoutEcho('No secret here', long)).toMatch(/^\[not shown/)
    expect(withoutEcho('No secret here', null)).toBe('No secret here')
  })

  it('is told of a request that is no JSON, too', () => {
    expect(withoutEcho('Bad: the-secret-of-a-caller', Buffer.from('{"x": the-secret-of-a-caller'))).toBe(
      'Bad: [request]',
    )
  })
})
