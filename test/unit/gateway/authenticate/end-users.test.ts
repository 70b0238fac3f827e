import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { createIdentify } from '../../../../src/gateway/authenticate/authenticate.ts'
import { createEndUserOf } from '../../../../src/gateway/authenticate/end-users.ts'
import { createLimitsFor } from '../../../../src/gateway/admit/limits.ts'
import { gatewayOptions } from '../../../../src/gateway/options.ts'
import { hmacTokenOf, makeKey, tokenOf } from '../../../support/identity/test-issuer.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const root = resolve(import.meta.dirname, '../../../..')
const now = 1_767_323_045
const secret = 'what only the application has, 32'
const application = { id: 'k1', kind: 'api-key', group: 'shop' } as const
const person = { id: 't1', kind: 'token', group: 'shop' } as const

const identify = createIdentify(
  {
    find: async (key) =>
      ({ 'sp-app': application, 'sp-other': { ...application, group: 'none' } })[key.reveal()] ?? null,
  },
  {
    anonymous: 'shop',
    tokens: { mayBe: (key) => key.reveal() === 'a.b.c', find: async () => ({ principal: person }) },
    endUserOf: createEndUserOf({
      secretOf: (group) => (group === 'shop' ? new Secret(secret) : null),
      now: () => now * 1_000,
    }),
  },
)
const who = (key: string | null, signed: string | null) =>
  identify('http', key === null ? null : new Secret(key), signed === null ? null : new Secret(signed))

const head = { alg: 'HS256', typ: 'end-user+jwt' }
const claims = { sub: 'Zoë', exp: now + 300 }

describe('the person for whom an application asks', () => {
  it('is whom it has signed', async () => {
    verifies('identity.end-users')
    expect(await who('sp-app', hmacTokenOf(head, claims, secret))).toEqual({ ...application, endUser: 'Zoë' })
    expect(await who('sp-app', null)).toEqual(application)
  })

  it('is signed for as long as a day from now, and counts to its end, with the skew of clocks', async () => {
    const of = (exp: number) => who('sp-app', hmacTokenOf(head, { sub: 'Zoë', exp }, secret))
    for (const exp of [now + 86_430, now - 29]) expect(await of(exp)).toMatchObject({ endUser: 'Zoë' })
    for (const exp of [now + 86_431, now - 30]) await expect(of(exp)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('is whom the example of the documentation signs', async () => {
    verifies('identity.end-users')
    const page = readFileSync(join(root, 'docs/gateway.md'), 'utf8')
    const example = /^```ts\n(import \{ SignJWT \}.*?)^```/ms.exec(page)?.[1] ?? ''
    const folder = temporaryFolder('end-user-example-')
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'example.ts'), example)
    const call = `import { endUserHeader } from './example.ts'; console.log(await endUserHeader('Zoë', '${secret}'))`
    writeFileSync(join(folder, 'call.ts'), call)
    const signed = execFileSync(process.execPath, [join(folder, 'call.ts')], { encoding: 'utf8' }).trim()
    const endUserOf = createEndUserOf({ secretOf: () => new Secret(secret) })
    expect(await endUserOf(application, new Secret(signed))).toBe('Zoë')
  })

  it('stays the same for one request, whoever looks again', async () => {
    const credential = new Secret('sp-app')
    await identify('http', credential, new Secret(hmacTokenOf(head, claims, secret)))
    expect(await identify('http', credential)).toMatchObject({ endUser: 'Zoë' })
  })

  it.each([
    ['by another secret', () => hmacTokenOf(head, claims, `${secret}!`)],
    ['by nobody', () => hmacTokenOf({ ...head, alg: 'none' }, claims, secret)],
    ['by a key of its own', () => tokenOf({ ...head, alg: 'RS256' }, claims, makeKey('RS256', 'x'))],
    ['by HS512', () => hmacTokenOf({ ...head, alg: 'HS512' }, claims, secret, 'sha512')],
    ['as a token of another kind', () => hmacTokenOf({ ...head, typ: 'JWT' }, claims, secret)],
    ['without a kind', () => hmacTokenOf({ alg: 'HS256' }, claims, secret)],
    ['that is over', () => hmacTokenOf(head, { ...claims, exp: now - 31 }, secret)],
    ['without an end', () => hmacTokenOf(head, { sub: 'Zoë' }, secret)],
    ['for ever', () => hmacTokenOf(head, { ...claims, exp: now + 90_000 }, secret)],
    ['of nobody', () => hmacTokenOf(head, { ...claims, sub: '' }, secret)],
    ['of a name that does not show whole', () => hmacTokenOf(head, { ...claims, sub: 'a\u200bb' }, secret)],
    ['in plain words', () => 'Zoë'],
    ['with what is to be understood', () => hmacTokenOf({ ...head, crit: ['x'], x: 1 }, claims, secret)],
  ])('is nobody, and the request is refused, where it is signed %s', async (_case, make) => {
    verifies('identity.end-users')
    await expect(who('sp-app', make())).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('is not taken of a group without a secret, of a person, and of whoever sends no credential', async () => {
    verifies('identity.end-users')
    const signed = hmacTokenOf(head, claims, secret)
    for (const key of ['sp-other', 'a.b.c', null]) {
      await expect(who(key, signed)).rejects.toMatchObject({ code: 'invalid-request' })
    }
  })

  it('has limits of its own, and those whom nobody signed for have one together', () => {
    verifies('identity.end-users')
    const limits = [{ per: 'user', unit: 'requests', most: 5, every: '1m' }]
    const { groups } = gatewayOptions.parse({ groups: { shop: { limits } } })
    const accounts = (endUser?: string) =>
      createLimitsFor(groups)({ ...application, ...(endUser === undefined ? {} : { endUser }) }).map(
        ({ account }) => account,
      )
    const users = ['Zoë', 'Ann', undefined, ''].map((name) => accounts(name).at(-1) ?? '')
    expect(users.map((user) => /^user:[0-9a-f]{64}$/.test(user))).toEqual([true, true, true, true])
    // Nothing that names a person is kept, and whoever is named by an empty text is not who is not named.
    expect(new Set(users).size).toBe(4)
    expect(['Zoë', 'Ann', undefined, ''].map((name) => accounts(name).at(-1))).toEqual(users)
  })
})

describe('whoever sends no credential', () => {
  it('is of the group that the configuration names for them, with little of what keys may', async () => {
    verifies('identity.anonymous')
    const anonymous = { id: 'anonymous', kind: 'anonymous', group: 'shop', scopes: ['ask', 'models'] }
    expect(await who(null, null)).toEqual(anonymous)
  })

  it('is nobody where it names none, and a wrong credential is never taken for none', async () => {
    verifies('identity.anonymous')
    await expect(createIdentify({ find: async () => null })('http', null)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await expect(who('sp-wrong', null)).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(who('', null)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it.each(['nobody', 'operator'])('cannot be of the group %s', (anonymous) => {
    const parsed = gatewayOptions.safeParse({ identity: { anonymous } })
    expect(parsed.error?.issues).toMatchObject([{ path: ['identity', 'anonymous'] }])
  })
})
