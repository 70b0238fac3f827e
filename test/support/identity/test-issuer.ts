import { constants, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

/** What an issuer has of one key: who checks with it sees `jwk` only. */
export interface TestKey {
  readonly alg: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly jwk: Readonly<Record<string, unknown>>
}

function pairOf(alg: string) {
  if (alg.startsWith('ES')) {
    return generateKeyPairSync('ec', { namedCurve: { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[alg] ?? 'P-256' })
  }
  if (alg.startsWith('Ed')) return generateKeyPairSync('ed25519')
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

export function makeKey(alg: string, kid: string): TestKey {
  const { privateKey, publicKey } = pairOf(alg)
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
  return { alg, privateKey, publicKey, jwk }
}

export const base64url = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Signs any bytes as an algorithm does, whatever the header beside them says. */
export function signatureOf(text: string, alg: string, key: KeyObject): Buffer {
  const data = Buffer.from(text)
  const digest = `sha${alg.slice(2)}`
  if (alg.startsWith('Ed')) return sign(null, data, key)
  if (alg.startsWith('ES')) return sign(digest, data, { key, dsaEncoding: 'ieee-p1363' })
  if (alg.startsWith('PS')) {
    return sign(digest, data, {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    })
  }
  return sign(digest, data, key)
}

/** A token of a header and claims as they are given; either may be a text that is no JSON. */
export function tokenOf(header: unknown, claims: unknown, { alg, privateKey }: TestKey): string {
  const text = `${base64url(header)}.${base64url(claims)}`
  return `${text}.${signatureOf(text, alg, privateKey).toString('base64url')}`
}

/** The same, with an HMAC of any bytes. */
export function hmacTokenOf(header: unknown, claims: unknown, secret: string | Buffer, digest = 'sha256'): string {
  const text = `${base64url(header)}.${base64url(claims)}`
  return `${text}.${createHmac(digest, secret).update(text).digest('base64url')}`
}
