import type { JWK } from 'jose'

const mostKeys = 100

/**
 * The keys of a set (RFC 7517) that can check signatures of others. Throws with the reason, which is for the log, where it
 * is no set, has too many, or none: taken for what it is, such a set would withdraw all.
 */
export function publicKeys(text: string): JWK[] {
  const { keys } = (JSON.parse(text) ?? {}) as { readonly keys?: unknown }
  if (!Array.isArray(keys) || keys.length > mostKeys) throw new Error('it is no set of keys, or has too many')
  const usable = keys.filter(isUsable)
  if (usable.length === 0) throw new Error('it has no key that can check a signature')
  return usable
}

/** A secret is none of others' keys, and a private key that was published is nobody's any more. */
function isUsable(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null) return false
  const { kty, d } = key as JWK
  if (d !== undefined) return false
  return kty === 'EC' || kty === 'OKP' || (kty === 'RSA' && isSound(key))
}

/** Anybody signs by an exponent of 1, and by a small one with less than a key; standards want 65537 or more (FIPS 186-5). */
const leastExponent = 65_537n

function isSound({ n, e }: JWK): boolean {
  const [modulus, exponent] = [numberOf(n), numberOf(e)]
  return (
    modulus !== null && exponent !== null && exponent >= leastExponent && exponent % 2n === 1n && !isOfRoca(modulus)
  )
}

function numberOf(part: unknown): bigint | null {
  if (typeof part !== 'string' || !/^[\w-]{1,4096}$/.test(part)) return null
  const digits = Buffer.from(part, 'base64url').toString('hex')
  return digits === '' ? null : BigInt(`0x${digits}`)
}

/** Primes modulo which the powers of 65537 are few. */
const tellingPrimes = [11n, 13n, 17n, 19n, 37n, 53n, 61n, 71n, 73n, 79n, 97n, 103n, 107n, 109n, 127n, 151n, 157n]

const powers: readonly (readonly [prime: bigint, residues: ReadonlySet<bigint>])[] = tellingPrimes.map((prime) => {
  const residues = new Set<bigint>()
  for (let power = 1n; !residues.has(power); power = (power * 65_537n) % prime) residues.add(power)
  return [prime, residues]
})

/**
 * Was it made by the library whose primes are powers of 65537 modulo many small primes (CVE-2017-15361)? From such a modulus
 * the private key follows. One that was made well looks so once in a hundred million times.
 */
function isOfRoca(modulus: bigint): boolean {
  return powers.every(([prime, residues]) => residues.has(modulus % prime))
}
