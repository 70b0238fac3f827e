import { describe, expect, it } from 'vitest'
import {
  looksLikeToken,
  readSignedForm,
  readTokenForm,
} from '../../../../../src/gateway/authenticate/tokens/token-form.ts'
import { base64url } from '../../../../support/identity/test-issuer.ts'

const token = (header: unknown, body: unknown = {}, signature = 'AAAA') =>
  `${base64url(header)}.${base64url(body)}.${signature}`

describe('the form of a token', () => {
  it('is its header and its claims', () => {
    expect(readTokenForm(token({ alg: 'x' }, { sub: 'ann' }))).toEqual({ header: { alg: 'x' }, claims: { sub: 'ann' } })
    expect(readSignedForm(token({ alg: 'x' }, '[]')).body.toString()).toBe('[]')
  })

  it('is looked for in what has a point', () => {
    expect(['a.b.c', '.', 'sp-abc', ''].map(looksLikeToken)).toEqual([true, true, false, false])
  })

  it('is as long as twelve thousand letters at most', () => {
    const of = (length: number) => {
      const start = `${base64url({})}.${base64url({})}.`
      const signature = 'A'.repeat(length - start.length)
      return () => readSignedForm(start + signature)
    }
    expect(of(12_000)().header).toEqual({})
    expect(of(12_004)).toThrow('the token is too long')
  })

  it.each(['a', 'a.b', 'e30.e30.AAAA.AAAA', ''])('has three parts, unlike %j', (text) => {
    expect(() => readSignedForm(text)).toThrow(`the token has ${text.split('.').length} parts`)
  })

  it.each([
    ['e30.e30.', 'the token is not signed'],
    ['e30.e30.AAA=', 'no base64url'],
    ['e30=.e30.AAAA', 'no base64url'],
    ['e30.e30=.AAAA', 'no base64url'],
    ['e31.e30.AAAA', 'no base64url'],
    ['e30.e30.A+AA', 'no base64url'],
    [' e30.e30.AAAA', 'no base64url'],
    [token('[]'), 'a part of it is no object'],
    [token('null'), 'a part of it is no object'],
    [token('5'), 'a part of it is no object'],
    [token('{'), 'JSON'],
    [`${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.e30.AAAA`, 'encoded data'],
    [`${Buffer.from('\ufeff{}').toString('base64url')}.e30.AAAA`, 'JSON'],
    [token({ kid: 5 }), 'its kid is no name of a key'],
    [token({ kid: null }), 'its kid is no name of a key'],
    [token({ kid: 'x'.repeat(501) }), 'its kid is no name of a key'],
  ])('%j is none: %s', (text, reason) => {
    expect(() => readSignedForm(text)).toThrow(reason)
  })

  it('may name a key by five hundred letters', () => {
    expect(readSignedForm(token({ kid: 'x'.repeat(500) })).header['kid']).toHaveLength(500)
    expect(readSignedForm(token({ kid: '' })).header['kid']).toBe('')
  })

  it.each(['crit', 'jwk', 'jku', 'x5u', 'x5c', 'cty', 'zip', 'b64', 'enc', 'epk', 'p2c', 'p2s'])(
    'has no %s in its header',
    (member) => {
      expect(() => readSignedForm(token({ alg: 'x', [member]: null }))).toThrow(`its header has ${member}`)
    },
  )

  it.each(['[]', 'null', '"x"'])('has claims that are an object, unlike %s', (body) => {
    expect(() => readTokenForm(token({}, body))).toThrow('a part of it is no object')
  })
})
