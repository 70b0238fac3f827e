import { describe, expect, it } from 'vitest'
import { entropy, findAssignments } from '../../../../src/filters/secrets/assignments.ts'

const random = 'a8f3kq92mz71xw'
const values = (text: string) => findAssignments(text).map(({ start, end, score }) => [text.slice(start, end), score])

describe('a value that is given to the name of a secret', () => {
  it.each([
    'password', 'passwd', 'passphrase', 'pwd', 'PASSWORD', 'db_password', 'my-pwd',
  ])('is a password behind %s', (name) => {
    for (const sign of ['=', ': ', ' = ', ' := ', ' => ', '="', "': '", '`: `']) {
      expect(values(`x ${name}${sign}hunter22; y`)).toEqual([['hunter22', 0.75]])
    }
  }) // prettier-ignore

  it.each([
    'secret', 'secret_key', 'secretkey', 'api_key', 'api-key', 'apikey', 'API_KEY', 'access_token', 'auth_token', 'private_key',
    'encryption_key', 'signing_secret', 'client_secret', 'account_key', 'token', 'credential', 'credentials',
  ])('is one behind %s where it is random', (name) => {
    expect(values(`x ${name}=${random}, y`)).toEqual([[random, 0.7]])
    expect(values(`${name}: "${random}"`)).toEqual([[random, 0.7]])
    expect(values(`x ${name}=hunter22, y`)).toEqual([])
  }) // prettier-ignore

  it.each([
    ['another name', `name=${random}`],
    ['a name that goes on in front', `xtoken=${random}`],
    ['no sign', `the token ${random}`],
    ['a comparison', `token == ${random}`],
    ['too many blanks', `token =    ${random}`],
    ['five characters', 'password=hun22'],
  ])('is none behind %s', (_what, text) => {
    expect(values(text)).toEqual([])
  })
})

describe('a value that stands for a secret', () => {
  it.each([
    '********', 'xxxxxxxx', '••••••', '........', '------', '______',
    '<PASSWORD>', '<your', '[PASSWORD]', '[your', '${PASSWORD}', '$PASSWORD_1', '%PASSWORD%', '{{password}}',
    'your_password_1', 'your-key-123', 'changeme', 'example-password-1', 'example', 'string', 'number', 'required', 'optional', 'redacted', 'hidden',
    'undefined', 'process.env.PASSWORD_1', 'os.environ["P_1"]', 'os.getenv(1)', 'getenv("P_1")', 'config.password_1', 'settings.P_1', 'self.password_1',
    'get_password(',
  ])('is none: %s', (value) => {
    expect(values(`password=${value}`)).toEqual([])
    expect(values(`password: ${value.toUpperCase()}`)).toEqual([])
  }) // prettier-ignore

  it.each(['changeme1', 'xxxx-1xx', 'a********', 'my_config.x', 'required1', 'not-null', 'nullify-1', 'text-1'])(
    'is one where more than the placeholder stands there: %s',
    (value) => {
      expect(values(`password=${value}`)).toEqual([[value, 0.75]])
    },
  )
})

describe('a password that somebody chose', () => {
  it.each([
    ['a digit', 'hunter2', true],
    ['a sign', 'hunter!x', true],
    ['a sign at its end alone', 'hunter!', false],
    ['a question mark at its end', 'hunter?', false],
    ['a point at its end', 'hunter.', false],
    ['a point inside', 'hunter.com', false],
    ['letters alone', 'password', false],
    ['letters beyond ASCII', 'pässwört', true],
    ['capitals alone', 'HunterTwo', false],
    ['digits alone', '123456', true],
  ])('has %s: %s is %s', (_what, value, isOne) => {
    expect(values(`password: ${value}`)).toEqual(isOne ? [[value, 0.75]] : [])
  })
})

describe('a random value', () => {
  it.each([
    ['twelve characters of two sorts', 'a8f3kq92mz71', true],
    ['eleven characters', 'a8f3kq92mz7', false],
    ['letters of one case', 'abcdefghijklmnop', false],
    ['24 letters of one case', 'qwertyuiopasdfghjklzxcvb', true],
    ['23 letters of one case', 'qwertyuiopasdfghjklzxcv', false],
    ['letters of both cases', 'qWeRtYuIoPaS', true],
    ['letters and signs', 'qw+er-ty/ui*', true],
    ['few characters again and again', 'a1a1a1a1a1a1a1a1a1a1a1a1', false],
    ['eight characters twice', 'abcdefg1abcdefg1', true],
  ])('has %s: %s is %s', (_what, value, isOne) => {
    expect(values(`token=${value}`)).toEqual(isOne ? [[value, 0.7]] : [])
  })

  it.each([
    ['', 0],
    ['aaaa', 0],
    ['abab', 1],
    ['abcd', 2],
    ['abcdefgh', 3],
    ['aab', 0.918],
  ])('%j has %d bits a character', (text, bits) => {
    expect(entropy(text)).toBeCloseTo(bits, 3)
  })
})

it('each of several is found at its own place', () => {
  const text = `password=hunter22 and token=${random}`
  expect(findAssignments(text)).toEqual([
    { start: 9, end: 17, category: 'secret/assignment', score: 0.75 },
    { start: 28, end: 42, category: 'secret/assignment', score: 0.7 },
  ])
})
