import { beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../../../../src/core/secret.ts'
import { createIdentify } from '../../../../../src/gateway/authenticate/authenticate.ts'
import { identityOptions } from '../../../../../src/gateway/authenticate/options.ts'
import { isTokenPrincipalId, tokenPrincipalId } from '../../../../../src/gateway/authenticate/tokens/principal-id.ts'
import { createTokens } from '../../../../../src/gateway/authenticate/tokens/tokens.ts'
import { makeKey, tokenOf, type TestKey } from '../../../../support/identity/test-issuer.ts'
import { verifies } from '../../../../support/verifies.ts'
import { attacks, audience, claims, issuer, now, type AttackKeys } from './token-attacks.ts'

let keys: AttackKeys
beforeAll(() => {
  keys = {
    rsa: makeKey('RS256', 'rsa'),
    ec: makeKey('ES256', 'ec'),
    ed: makeKey('EdDSA', 'ed'),
    encryption: makeKey('RS256', 'enc'),
    strange: makeKey('RS256', 'strange'),
    other: makeKey('RS256', 'other'),
  }
})

const groups = { map: { admins: 'operator', analysts: 'finance' } }

function world(own: object = {}) {
  const { rsa, ec, ed, encryption, other } = keys
  const state = {
    seconds: now,
    elapsed: 0,
    reads: 0,
    faults: [] as string[],
    keys: [rsa.jwk, makeSecond(rsa), ec.jwk, ed.jwk, { ...encryption.jwk, use: 'enc' }] as TestKey['jwk'][],
    broken: null as string | Error | null,
  }
  const { issuers } = identityOptions.parse({
    issuers: {
      corp: { issuer, audience, groups, ...own },
      other: { issuer: 'https://other.example.com', audience, groups },
    },
  })
  const tokens = createTokens({
    issuers,
    read: async (options) => {
      if (options.issuer !== issuer) return JSON.stringify({ keys: [other.jwk] })
      state.reads += 1
      if (state.broken instanceof Error) throw state.broken
      return state.broken ?? JSON.stringify({ keys: state.keys })
    },
    onFault: (name, error) => state.faults.push(`${name}: ${(error as Error).message}`),
    now: () => state.seconds * 1_000,
    elapsed: () => state.elapsed * 1_000,
  })
  const identify = createIdentify({ find: async () => null }, { tokens })
  const pass = (seconds: number) => {
    state.seconds += seconds
    state.elapsed += seconds
  }
  return { state, tokens, pass, who: (token: string) => identify('http', new Secret(token)) }
}

/** Two keys that one header without a kid could mean. */
const makeSecond = ({ jwk }: TestKey) => ({ ...jwk, kid: 'rsa-2' })

const head = { alg: 'RS256', typ: 'at+jwt', kid: 'rsa' }
const good = (own: object = {}) => tokenOf(head, { ...claims, ...own }, keys.rsa)
const nobody = { code: 'unauthenticated', message: 'The credential is not valid.' }

describe('a token', () => {
  it('is of whom its issuer says, in the group that its claims give', async () => {
    verifies('identity.tokens')
    const { who } = world({ end_user_claim: 'person' })
    const id = tokenPrincipalId(issuer, 'ann')
    const scopes = ['ask', 'models', 'sql', 'execute', 'sessions', 'privacy', 'metrics']
    expect(await who(good())).toEqual({ id, kind: 'token', group: 'finance', scopes })
    expect(await who(good({ groups: ['x', 'analysts', 'admins'] }))).toMatchObject({ id, group: 'operator' })
    expect(await who(good({ aud: ['x', audience], person: 'Zoë' }))).toMatchObject({ endUser: 'Zoë' })
  })

  it.each([
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'EdDSA',
    'Ed25519',
  ] as const)('may be signed by %s, and by no other where that is the only one', async (alg) => {
    const { privateKey, publicKey, jwk } = /^[RP]S/.test(alg) ? keys.rsa : makeKey(alg, 'x')
    const key = { alg, privateKey, publicKey, jwk: { ...jwk, kid: 'own', alg } }
    const { state, who } = world({ algorithms: [alg] })
    state.keys.push(key.jwk)
    expect(await who(tokenOf({ ...head, alg, kid: 'own' }, claims, key))).toMatchObject({ group: 'finance' })
    const [other, header] = alg === 'ES256' ? [keys.ed, 'EdDSA'] : [keys.ec, 'ES256']
    const byOther = tokenOf({ ...head, alg: header, kid: other.jwk['kid'] }, claims, other)
    await expect(who(byOther)).rejects.toMatchObject(nobody)
  })

  it.each([
    ['at+jwt', undefined],
    ['AT+JWT', undefined],
    ['application/at+jwt', undefined],
    ['Application/AT+jwt', undefined],
    ['jwt', undefined],
    [undefined, ['absent']],
    ['Own', ['oWN']],
  ])('may be of the kind %j where %j are taken', async (typ, types) => {
    const { who } = world(types === undefined ? {} : { types })
    expect(await who(tokenOf({ ...head, typ }, claims, keys.rsa))).toMatchObject({ group: 'finance' })
  })

  it.each([
    ['at+jwt', ['JWT']],
    ['text/at+jwt', ['at+jwt']],
    ['x/application/at+jwt', ['at+jwt']],
    ['application/application/at+jwt', ['at+jwt']],
    [undefined, ['JWT']],
    [7, ['absent']],
  ])('may not be of the kind %j where %j are taken', async (typ, types) => {
    const { who } = world({ types })
    await expect(who(tokenOf({ ...head, typ }, claims, keys.rsa))).rejects.toMatchObject(nobody)
  })

  it('may end within a day and be issued by now, with the skew of clocks', async () => {
    const { who } = world()
    for (const own of [
      { exp: now + 86_430 },
      { iat: now + 30 },
      { iat: undefined },
      { exp: now - 29 },
      { nbf: now + 30 },
    ]) {
      expect(await who(good(own))).toMatchObject({ group: 'finance' })
    }
    for (const own of [{ exp: now + 86_431 }, { iat: now + 31 }]) {
      await expect(who(good(own))).rejects.toMatchObject(nobody)
    }
  })

  it('is looked for in what has points, where there is an issuer', () => {
    const tokens = (issuers: object) =>
      createTokens({ issuers: identityOptions.parse({ issuers }).issuers, onFault: () => undefined })
    const corp = { issuer, audience, groups }
    expect(tokens({ corp }).mayBe(new Secret('a.b.c'))).toBe(true)
    expect(tokens({ corp }).mayBe(new Secret('sp-abc'))).toBe(false)
    expect(tokens({}).mayBe(new Secret('a.b.c'))).toBe(false)
    expect(tokens({ corp }).faults()).toEqual([])
  })

  it('has an id of its own for each issuer and subject, and none that a key could have', () => {
    const ids = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['a', 'b'],
      ['a","b', 'c'],
    ].map(([iss = '', sub = '']) => tokenPrincipalId(iss, sub))
    expect(new Set(ids).size).toBe(4)
    expect(ids.filter((id) => !isTokenPrincipalId(id))).toEqual([])
    expect(['token-', 'anonymous', crypto.randomUUID(), `${ids[0]}A`].filter(isTokenPrincipalId)).toEqual([])
  })

  it('table has at least sixty attacks, each once', () => {
    expect(new Set(attacks.map(([name]) => name)).size).toBe(attacks.length)
    expect(attacks.length).toBeGreaterThanOrEqual(60)
  })

  it.each(attacks)('is nobody’s where it is %s, and the answer does not say why', async (_name, make, reason) => {
    verifies('identity.attacks')
    const { who } = world()
    const refused = await who(make(keys)).catch((thrown: unknown) => thrown)
    expect(refused).toMatchObject(nobody)
    expect((refused as Error).cause).toMatchObject({ message: expect.stringMatching(reason) })
  })

  it.each([
    ['no such claim', { groups: undefined }],
    ['an empty list', { groups: [] }],
    ['groups that are not mapped', { groups: ['staff'] }],
    ['a group in other letters', { groups: ['Analysts'] }],
    ['a text that holds a group among others', { groups: 'staff analysts' }],
    ['an object', { groups: { analysts: true } }],
    ['what every object has', { groups: ['constructor', '__proto__'] }],
  ])('is refused where its claims give no group: %s', async (_case, own) => {
    verifies('identity.groups')
    await expect(world().who(good(own))).rejects.toMatchObject({
      code: 'forbidden',
      message: 'The claims of the token give no group here.',
    })
  })

  it.each([
    [['realm_access', 'roles'], { realm_access: { roles: ['analysts'] } }],
    ['https://example.com/groups', { 'https://example.com/groups': 'analysts' }],
    ['scope', { scope: 'openid analysts' }],
    ['client_id', { client_id: 'analysts' }],
  ])('may have its groups in the claim %j', async (claim, own) => {
    const { who } = world({ groups: { claim, map: groups.map } })
    expect(await who(good({ groups: undefined, ...own }))).toMatchObject({ group: 'finance' })
  })

  it('counts as long as it says with the skew of clocks, also where it is remembered', async () => {
    const { who, pass } = world()
    const token = good()
    await who(token)
    pass(329)
    expect(await who(token)).toMatchObject({ group: 'finance' })
    pass(1)
    await expect(who(token)).rejects.toMatchObject(nobody)
  })
})

describe('the keys of an issuer', () => {
  it('are looked for once by many tokens at a time, and not again while they are fresh', async () => {
    const { state, who, pass } = world()
    await Promise.all(Array.from({ length: 20 }, (_, at) => who(good({ jti: at }))))
    pass(200)
    await who(good({ exp: now + 1_000 }))
    expect(state.reads).toBe(1)
  })

  it('are looked for by a key that they do not have, once in a cool-down, whatever tokens name', async () => {
    verifies('identity.key-rotation')
    const { state, who, pass } = world()
    await who(good())
    const next = makeKey('ES256', 'next')
    const token = tokenOf({ ...head, alg: 'ES256', kid: 'next' }, claims, next)
    pass(10)
    for (let count = 0; count < 50; count += 1) await expect(who(token)).rejects.toMatchObject(nobody)
    expect(state.reads).toBe(1)
    state.keys.push(next.jwk)
    pass(20)
    expect(await who(token)).toMatchObject({ group: 'finance' })
    expect(state.reads).toBe(2)
  })

  it('end with their withdrawal when they are looked for again, also for tokens that were known', async () => {
    verifies('identity.key-withdrawn')
    const { state, who, pass } = world({ longest_life_ms: 10_000_000 })
    const token = good({ exp: now + 9_000 })
    await who(token)
    state.keys = [keys.ec.jwk]
    pass(299)
    expect(await who(token)).toMatchObject({ group: 'finance' })
    pass(1)
    // This one begins the look, and does not wait for it.
    await who(token)
    await new Promise(setImmediate)
    await expect(who(token)).rejects.toMatchObject(nobody)
  })

  it.each<readonly [string, string | Error, RegExp]>([
    ['down', new Error('connect ECONNREFUSED'), /ECONNREFUSED/],
    ['garbage', '<html>', /JSON/],
    ['null', 'null', /no set of keys/],
    ['no list', '{"keys":{}}', /no set of keys/],
    ['empty', '{"keys":[]}', /no key that can check/],
    ['secrets', '{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"rsa"}]}', /no key that can check/],
    ['of too many keys', JSON.stringify({ keys: Array.from({ length: 101 }, () => ({ kty: 'RSA' })) }), /too many/],
  ])(
    'that are %s leave those that are known in force until they are stale, and it is said',
    async (_case, broken, reason) => {
      verifies('identity.keys-down')
      const { state, tokens, who, pass } = world({ longest_life_ms: 10_000_000 })
      await tokens.prepare()
      const token = good({ exp: now + 9_000 })
      await who(token)
      state.broken = broken
      pass(300)
      await who(token)
      await new Promise(setImmediate)
      expect(tokens.faults()).toEqual(['keys of issuer corp: not renewed'])
      pass(3_299)
      expect(await who(token)).toMatchObject({ group: 'finance' })
      await new Promise(setImmediate)
      pass(1)
      await expect(who(token)).rejects.toMatchObject({ code: 'identity-unavailable' })
      expect(tokens.faults()).toEqual(['keys of issuer corp: none'])
      expect(state.faults[0]).toMatch(reason)
      state.broken = null
      pass(30)
      expect(await who(token)).toMatchObject({ group: 'finance' })
      expect(tokens.faults()).toEqual([])
    },
  )

  it('that could never be had are asked for once in a cool-down, and nobody is known by a token', async () => {
    const { state, tokens, who } = world()
    state.broken = new Error('down')
    await tokens.prepare()
    for (let count = 0; count < 20; count += 1) {
      await expect(who(good())).rejects.toMatchObject({ code: 'identity-unavailable' })
    }
    expect(state.reads).toBe(1)
  })

  it('have no use for whoever holds a private key that was published, or a short one', async () => {
    const { state, who } = world()
    const published = makeKey('ES256', 'published')
    const jwk: Readonly<Record<string, unknown>> = published.privateKey.export({ format: 'jwk' })
    state.keys.push({ ...jwk, kid: 'published', alg: 'ES256' })
    const token = tokenOf({ ...head, alg: 'ES256', kid: 'published' }, claims, published)
    await expect(who(token)).rejects.toMatchObject(nobody)
  })
})
