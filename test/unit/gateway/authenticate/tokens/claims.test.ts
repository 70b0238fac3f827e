import { describe, expect, it } from 'vitest'
import { groupOf, textAt } from '../../../../../src/gateway/authenticate/tokens/claims.ts'

describe('a claim that names somebody', () => {
  it.each<readonly [string, object, string | readonly string[]]>([
    ['ann', { sub: 'ann' }, 'sub'],
    ['ann', { person: { id: 'ann' } }, ['person', 'id']],
    ['ann', { a: { b: { c: 'ann' } } }, ['a', 'b', 'c']],
    ['ann', { a: ['x', 'ann'] }, ['a', '1']],
    ['Zoë Löwe', { sub: 'Zoë Löwe' }, 'sub'],
    ['x'.repeat(1_000), { sub: 'x'.repeat(1_000) }, 'sub'],
  ])('is %j', (text, claims, path) => {
    expect(textAt({ ...claims }, typeof path === 'string' ? path : [...path])).toBe(text)
  })

  it.each<readonly [string, object, string | readonly string[]]>([
    ['missing', {}, 'sub'],
    ['below what is null', { person: null }, ['person', 'id']],
    ['below what is not there', {}, ['person', 'id']],
    ['a letter of a text', { person: 'ann' }, ['person', '0']],
    ['below a number', { person: 5 }, ['person', 'id']],
    ['what every object has', {}, ['constructor', 'name']],
    ['what every object has by itself', {}, 'toString'],
    ['empty', { sub: '' }, 'sub'],
    ['a number', { sub: 5 }, 'sub'],
    ['null', { sub: null }, 'sub'],
    ['an object', { sub: { toString: 'x' } }, 'sub'],
    ['with a blank before it', { sub: ' ann' }, 'sub'],
    ['with a blank behind it', { sub: 'ann ' }, 'sub'],
    ['with the end of a line', { sub: 'ann\nlee' }, 'sub'],
    ['with a sign that does not show', { sub: 'ann\u200b' }, 'sub'],
    ['with such a sign before it', { sub: '\u200bann' }, 'sub'],
    ['longer than a thousand', { sub: 'x'.repeat(1_001) }, 'sub'],
  ])('is none that is %s', (_what, claims, path) => {
    expect(textAt({ ...claims }, typeof path === 'string' ? path : [...path])).toBeNull()
  })
})

describe('the group that a claim gives', () => {
  const map = { admins: 'operator', analysts: 'finance' }
  const group = (claims: object, claim: string | string[]) => groupOf({ ...claims }, { claim, map })

  it('is that of the first value of the map that it holds', () => {
    expect(group({ groups: ['analysts', 'admins'] }, 'groups')).toBe('operator')
    expect(group({ groups: ['x', 'analysts'] }, 'groups')).toBe('finance')
    expect(group({ groups: 'analysts' }, 'groups')).toBe('finance')
    expect(group({ realm: { roles: ['analysts'] } }, ['realm', 'roles'])).toBe('finance')
  })

  it('is read from a list of words in the claims of OAuth that are such, and in no other', () => {
    expect([group({ scope: 'openid analysts' }, 'scope'), group({ scp: 'openid analysts' }, 'scp')]).toEqual([
      'finance',
      'finance',
    ])
    expect([group({ groups: 'openid analysts' }, 'groups'), group({ scope: 'openid analysts' }, ['scope'])]).toEqual([
      null,
      null,
    ])
  })

  it.each([
    [{}],
    [{ groups: null }],
    [{ groups: 5 }],
    [{ groups: { 0: 'analysts', length: 1 } }],
    [{ groups: [] }],
    [{ groups: ['x'] }],
    [{ groups: [['analysts']] }],
  ])('is none of %j', (claims) => {
    expect(group(claims, 'groups')).toBeNull()
  })
})
