import { describe, expect, it } from 'vitest'
import { isExpression, isMadeOfWords, isTemplate } from '../../../../src/filters/secrets/program-text.ts'

describe('a value of words', () => {
  it.each([
    'refresh_token', 'RSAPrivateKey', 'NonSharedBuffer', 'HTTPSConnection', 'urn:oasis:names:tc:SAML:2.0:assertion', 'base64url_encoder',
    'ab_cde', 'XKCDHT_type', 'wordWithSeventeen_abcdefghiabcdefgh', 'utf_8', 'X509Certificate', '--with-password', '_ffi.NULL', '$refreshToken', 'authentication',
  ])('is told: %s', (value) => expect(isMadeOfWords(value)).toBe(true)) // prettier-ignore

  it.each([
    ['begins with a digit', '2fast2furious'],
    ['has a sign of no name', 'correct+horse'],
    ['has short stretches of letters', 'qWeRtYuIoPaS'],
    ['has a stretch that nobody can say', 'xkqjzvwpbn'],
    ['has a stretch that no word is as long as', 'qoweirutaposidufygahsjd'],
    ['has a long number', 'summer2024'],
    ['has two numbers', 'a12bcd34efgh'],
    ['has a number by itself', 'word-12'],
    ['has fewer letters a word than words have', 'ab_cd'],
    ['has seven capitals that nobody can say', 'XKCDHTS_type'],
    ['has five consonants, the first of them a capital', 'Bcdfgarten'],
    ['has a word that is too long', 'word_abcdefghiabcdefghi'],
    ['has a number of four digits behind a word', 'word1234'],
    ['has two numbers in a word', 'word1word2'],
  ])('is none that %s: %s', (_what, value) => expect(isMadeOfWords(value)).toBe(false))
})

describe('a piece of a program', () => {
  it.each([
    'get_password(', 'self.read(', 'typing.Optional[bytes', 'auth[2', 'Map<string', '(self.password.encode(', '!is_valid', '&str', '?string', 'a|b_c',
    'CPAN::anycwd(', 'parser->next_token', 'Uint8Array', '{name}', ':py:data:',
  ])('is told: %s', (value) => expect(isExpression(value)).toBe(true)) // prettier-ignore

  it.each(['hunter2', 'P@ss(w0rd', 'correct-horse', 'hunter!x', '123456', 'not-null', '!Passw0rd'])(
    'is none: %s',
    (value) => expect(isExpression(value)).toBe(false),
  )

  it('is a template where a format puts a value in', () => {
    expect(['{password}', '{{ x', '{p!r', '{user.name:>10'].map(isTemplate)).toEqual([true, false, true, true])
  })
})
