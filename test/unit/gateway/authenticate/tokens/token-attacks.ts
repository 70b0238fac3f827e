import { base64url, hmacTokenOf, signatureOf, tokenOf, type TestKey } from '../../../../support/identity/test-issuer.ts'

/** 2026-01-02T03:04:05Z, in seconds. */
export const now = 1_767_323_045
export const issuer = 'https://login.example.com'
export const audience = 'sallyport'

export const claims = { iss: issuer, aud: audience, sub: 'ann', groups: ['analysts'], iat: now - 10, exp: now + 300 }

export interface AttackKeys {
  /** In the issuer's set. */
  readonly rsa: TestKey
  readonly ec: TestKey
  readonly ed: TestKey
  /** In the set, for another use. */
  readonly encryption: TestKey
  /** In no set. */
  readonly strange: TestKey
  /** In the set of another issuer that is configured, too. */
  readonly other: TestKey
}

/** Name of the attack, the token, and the reason that the log has. */
export type Attack = readonly [name: string, token: (keys: AttackKeys) => string, reason: RegExp]

const head = { alg: 'RS256', typ: 'at+jwt', kid: 'rsa' }

const headed = (own: object) => (keys: AttackKeys) => tokenOf({ ...head, ...own }, claims, keys.rsa)
const claimed = (own: object) => (keys: AttackKeys) => tokenOf(head, { ...claims, ...own }, keys.rsa)
const without = (member: keyof typeof claims) => (keys: AttackKeys) => {
  const { [member]: _, ...rest } = claims
  return tokenOf(head, rest, keys.rsa)
}
const good = (keys: AttackKeys) => tokenOf(head, claims, keys.rsa)
const changed = (change: (parts: string[]) => readonly string[]) => (keys: AttackKeys) =>
  change(good(keys).split('.')).join('.')
const pem = ({ publicKey }: TestKey) => publicKey.export({ type: 'spki', format: 'pem' })
const der = ({ publicKey }: TestKey) => publicKey.export({ type: 'spki', format: 'der' })

const notTaken = /algorithm is not taken/
const notVerified = /signature verification failed/

/** How a caller who is nobody has tried to be somebody, elsewhere; each token is otherwise as it should be. */
export const attacks: readonly Attack[] = [
  // Algorithms.
  [
    'alg none, with an empty signature',
    () => `${base64url({ ...head, alg: 'none' })}.${base64url(claims)}.`,
    /not signed/,
  ],
  ['alg none, with some signature', () => `${base64url({ ...head, alg: 'none' })}.${base64url(claims)}.AAAA`, notTaken],
  ['alg None', headed({ alg: 'None' }), notTaken],
  ['alg NONE', headed({ alg: 'NONE' }), notTaken],
  ['alg nOnE, over a good signature', headed({ alg: 'nOnE' }), notTaken],
  ['alg empty', headed({ alg: '' }), notTaken],
  ['alg with a space', headed({ alg: 'RS256 ' }), notTaken],
  ['alg in lower case', headed({ alg: 'rs256' }), notTaken],
  ['alg a list', headed({ alg: ['RS256'] }), notTaken],
  ['alg a number', headed({ alg: 256 }), notTaken],
  ['alg missing', headed({ alg: undefined }), notTaken],
  ['HS256 by the public key as PEM', ({ rsa }) => hmacTokenOf({ ...head, alg: 'HS256' }, claims, pem(rsa)), notTaken],
  ['HS256 by the public key as DER', ({ rsa }) => hmacTokenOf({ ...head, alg: 'HS256' }, claims, der(rsa)), notTaken],
  ['HS256 by the modulus', ({ rsa }) => hmacTokenOf({ ...head, alg: 'HS256' }, claims, String(rsa.jwk['n'])), notTaken],
  [
    'HS512 by the public key',
    ({ rsa }) => hmacTokenOf({ ...head, alg: 'HS512' }, claims, pem(rsa), 'sha512'),
    notTaken,
  ],
  ['HS256 by an empty secret', () => hmacTokenOf({ ...head, alg: 'HS256' }, claims, ''), notTaken],
  ['an HMAC under the name RS256', ({ rsa }) => hmacTokenOf(head, claims, pem(rsa)), notVerified],
  ['RS512, which is not listed', headed({ alg: 'RS512' }), notTaken],
  ['ES256K', headed({ alg: 'ES256K' }), notTaken],
  ['PS256 by a key that is for RS256', headed({ alg: 'PS256' }), /no applicable key/],
  ['ES256 by the id of an RSA key', headed({ alg: 'ES256' }), /no applicable key/],
  ['EdDSA over a signature of RSA', headed({ alg: 'EdDSA', kid: 'ed' }), notVerified],
  ['RSA-OAEP, a way to encrypt', headed({ alg: 'RSA-OAEP' }), notTaken],
  ['dir', headed({ alg: 'dir', enc: 'A256GCM' }), /header has enc/],
  // Keys.
  ['a key of nobody', ({ strange }) => tokenOf({ ...head, kid: 'rsa' }, claims, strange), notVerified],
  [
    'a key that no set has',
    ({ strange }) => tokenOf({ ...head, kid: 'strange' }, claims, strange),
    /no applicable key/,
  ],
  ['a key of another issuer', ({ other }) => tokenOf({ ...head, kid: 'other' }, claims, other), /no applicable key/],
  [
    'a key that is for encryption',
    ({ encryption }) => tokenOf({ ...head, kid: 'enc' }, claims, encryption),
    /no applicable key/,
  ],
  ['a key in the header', ({ strange }) => tokenOf({ ...head, jwk: strange.jwk }, claims, strange), /header has jwk/],
  ['the true key in the header', ({ rsa }) => tokenOf({ ...head, jwk: rsa.jwk }, claims, rsa), /header has jwk/],
  ['an address of keys', headed({ jku: 'https://evil.example/keys' }), /header has jku/],
  ['the true address of keys', headed({ jku: `${issuer}/keys` }), /header has jku/],
  ['an address of a certificate', headed({ x5u: 'https://evil.example/cert' }), /header has x5u/],
  ['a certificate', headed({ x5c: ['MIIB'] }), /header has x5c/],
  ['kid that is a path', headed({ kid: '../../../../dev/null' }), /no applicable key/],
  ['kid with SQL', headed({ kid: "x' UNION SELECT 'key" }), /no applicable key/],
  ['kid with a zero', headed({ kid: 'rsa\u0000' }), /no applicable key/],
  ['kid in other letters', headed({ kid: 'RSA' }), /no applicable key/],
  ['kid that is an object', headed({ kid: { toString: 'rsa' } }), /kid is no name/],
  ['kid that is a list', headed({ kid: ['rsa'] }), /kid is no name/],
  ['kid that is null', headed({ kid: null }), /kid is no name/],
  ['kid of a hundred thousand letters', headed({ kid: 'k'.repeat(100_000) }), /too long/],
  ['kid __proto__', headed({ kid: '__proto__' }), /no applicable key/],
  ['no kid where several keys could be it', headed({ kid: undefined }), /multiple matching keys/],
  // Extensions of the header.
  ['crit with what nobody knows', headed({ crit: ['x'], x: 1 }), /header has crit/],
  ['crit that is empty', headed({ crit: [] }), /header has crit/],
  ['crit with b64', headed({ crit: ['b64'], b64: true }), /header has (?:crit|b64)/],
  ['b64 false', headed({ b64: false }), /header has b64/],
  ['compressed', headed({ zip: 'DEF' }), /header has zip/],
  ['a token in a token', (keys) => tokenOf({ ...head, cty: 'JWT' }, good(keys), keys.rsa), /header has cty/],
  ['a token in a token that does not say so', (keys) => tokenOf(head, good(keys), keys.rsa), /JSON|no object/],
  ['a work factor', headed({ p2c: 1e9 }), /header has p2c/],
  ['typ of a logout', headed({ typ: 'logout+jwt' }), /typ is not taken/],
  ['typ of a proof of possession', headed({ typ: 'dpop+jwt' }), /typ is not taken/],
  ['typ of a security event', headed({ typ: 'application/secevent+jwt' }), /typ is not taken/],
  ['no typ', headed({ typ: undefined }), /typ is not taken/],
  ['typ that is an object', headed({ typ: {} }), /typ is not taken/],
  // Claims.
  ['of another issuer', claimed({ iss: 'https://evil.example' }), /issuer is not known/],
  ['of an issuer with a slash more', claimed({ iss: `${issuer}/` }), /issuer is not known/],
  ['of an issuer in capitals', claimed({ iss: issuer.toUpperCase() }), /issuer is not known/],
  ['of a list of issuers', claimed({ iss: [issuer] }), /issuer is not known/],
  ['of no issuer', without('iss'), /issuer is not known/],
  [
    'of another configured issuer, by this one’s key',
    claimed({ iss: 'https://other.example.com' }),
    /no applicable key/,
  ],
  ['for somebody else', claimed({ aud: 'another-service' }), /"aud"/],
  ['for nobody', without('aud'), /"aud"/],
  ['for an empty list', claimed({ aud: [] }), /"aud"/],
  ['for a list of others', claimed({ aud: ['a', 'b'] }), /"aud"/],
  ['for a name that begins like ours', claimed({ aud: `${audience}-test` }), /"aud"/],
  ['for ours in capitals', claimed({ aud: audience.toUpperCase() }), /"aud"/],
  ['for an object that holds ours', claimed({ aud: { 0: audience } }), /"aud"/],
  ['for a list in a list', claimed({ aud: [[audience]] }), /"aud"/],
  ['for ours and for what is no name', claimed({ aud: [audience, 1] }), /no list of names/],
  ['over', claimed({ exp: now - 31 }), /"exp"/],
  ['over at this moment, skew and all', claimed({ exp: now - 30 }), /"exp"/],
  ['without an end', without('exp'), /"exp"/],
  ['with an end that is a text', claimed({ exp: `${now + 300}` }), /"exp"/],
  ['with an end that is null', claimed({ exp: null }), /"exp"/],
  ['for a hundred years', claimed({ exp: now + 3_155_760_000 }), /too long/],
  [
    'with an end beyond all numbers',
    (keys) => tokenOf(head, JSON.stringify(claims).replace(`${claims.exp}`, '1e999'), keys.rsa),
    /"exp"|too long/,
  ],
  ['not yet', claimed({ nbf: now + 31 }), /"nbf"/],
  ['not before a text', claimed({ nbf: 'never' }), /"nbf"/],
  ['issued tomorrow', claimed({ iat: now + 86_400, exp: now + 86_000 }), /in the future/],
  ['issued at a text', claimed({ iat: 'now' }), /"iat"/],
  ['of nobody', without('sub'), /subject/],
  ['of an empty subject', claimed({ sub: '' }), /subject/],
  ['of a subject with a zero', claimed({ sub: 'ann\u0000' }), /subject/],
  ['of a subject with a mark of direction', claimed({ sub: 'ann\u202e' }), /subject/],
  ['of a subject with a space behind it', claimed({ sub: 'ann ' }), /subject/],
  ['of a subject that is a list', claimed({ sub: ['ann'] }), /subject/],
  ['of a subject of a megabyte, had the head room', claimed({ sub: 'a'.repeat(8_000) }), /subject/],
  // Forms.
  [
    'with other claims under the signature',
    changed(([a = '', , c = '']) => [a, base64url({ ...claims, sub: 'root' }), c]),
    notVerified,
  ],
  [
    'with a header of one space more',
    changed(([, b = '', c = '']) => [base64url(` ${JSON.stringify(head)}`), b, c]),
    notVerified,
  ],
  ['cut', changed(([a = '', b = '', c = '']) => [a, b, c.slice(0, -4)]), /no base64url|verification failed/],
  ['without a signature', changed(([a = '', b = '']) => [a, b, '']), /not signed/],
  ['of two parts', changed(([a = '', b = '']) => [a, b]), /2 parts/],
  ['of four parts', changed((parts) => [...parts, 'AAAA']), /4 parts/],
  ['encrypted, of five parts', changed((parts) => [...parts, 'AAAA', 'AAAA']), /5 parts/],
  ['padded', changed(([a = '', b = '', c = '']) => [a, b, `${c}==`]), /no base64url/],
  ['in the other alphabet', changed(([a = '', b = '', c = '']) => [a, b, `+/${c.slice(2)}`]), /no base64url/],
  ['with bits left over', changed(([a = '', b = '', c = '']) => [a, b, otherLastBits(c)]), /no base64url/],
  ['with a line break', changed(([a = '', b = '', c = '']) => [a, b, `${c}\n`]), /no base64url/],
  [
    'with letters of another script',
    changed(([a = '', b = '', c = '']) => [a.replace('e', 'е'), b, c]),
    /no base64url/,
  ],
  ['with a header that is no JSON', (keys) => tokenOf('{alg:RS256}', claims, keys.rsa), /JSON/],
  ['with a header that is a list', (keys) => tokenOf([head], claims, keys.rsa), /no object/],
  ['with claims that are a text', (keys) => tokenOf(head, '"ann"', keys.rsa), /no object/],
  ['with claims that are no UTF-8', (keys) => bytesToken(Buffer.from([0x7b, 0xff, 0x7d]), keys.rsa), /encoded data/],
  ['of a megabyte', (keys) => tokenOf(head, { ...claims, x: 'x'.repeat(1_000_000) }, keys.rsa), /too long/],
  ['a JSON serialization', (keys) => JSON.stringify({ signed: good(keys) }), /no base64url/],
  [
    'an ES256 signature of zeros',
    () =>
      `${base64url({ ...head, alg: 'ES256', kid: 'ec' })}.${base64url(claims)}.${Buffer.alloc(64).toString('base64url')}`,
    notVerified,
  ],
  ['an ES256 signature in DER', ({ ec }) => derToken(ec), notVerified],
]

/** The same bytes to a careless reader: the last letter of such a length has bits that nobody reads. */
function otherLastBits(part: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return part.slice(0, -1) + (letters[(letters.indexOf(part.at(-1) ?? 'A') ^ 1) % 64] ?? 'B')
}

function bytesToken(body: Buffer, key: TestKey): string {
  const text = `${base64url(head)}.${body.toString('base64url')}`
  return `${text}.${signatureOf(text, key.alg, key.privateKey).toString('base64url')}`
}

function derToken(key: TestKey): string {
  const text = `${base64url({ ...head, alg: 'ES256', kid: 'ec' })}.${base64url(claims)}`
  const raw = signatureOf(text, 'ES256', key.privateKey)
  const integer = (bytes: Buffer) => Buffer.concat([Buffer.from([2, bytes.length + 1, 0]), bytes])
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))])
  return `${text}.${Buffer.concat([Buffer.from([0x30, body.length]), body]).toString('base64url')}`
}
