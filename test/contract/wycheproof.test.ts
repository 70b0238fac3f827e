import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compactVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { tokenAlgorithms } from '../../src/gateway/authenticate/options.ts'
import { KeySet } from '../../src/gateway/authenticate/tokens/key-set.ts'
import { readSignedForm } from '../../src/gateway/authenticate/tokens/token-form.ts'
import { verifies } from '../support/verifies.ts'

/** A copy of testvectors_v1 of C2SP/wycheproof; docs/testing.md says how to get one. */
const folder = process.env['WYCHEPROOF_VECTORS'] ?? ''
const isHere = existsSync(join(folder, 'json_web_signature_test.json'))
if (!isHere) process.stderr.write('SKIPPED: the vectors of Wycheproof are not here (set WYCHEPROOF_VECTORS)\n')

type Key = Readonly<Record<string, unknown>>

interface Vectors {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly comment: string
    readonly public?: Key
    readonly private: Key
    readonly tests: readonly {
      readonly tcId: number
      readonly comment: string
      readonly jws?: unknown
      readonly jwe?: unknown
      readonly result: 'valid' | 'invalid'
    }[]
  }[]
}

/** What an issuer publishes of a key: nothing of its private part. */
function published({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...rest }: Key): Key {
  return rest
}

const keysOf = (given: Key): readonly Key[] =>
  (Array.isArray(given['keys']) ? (given['keys'] as Key[]) : [given]).map(published)

function headerOf(token: string): Key | null {
  try {
    return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as Key
  } catch {
    return null
  }
}

const isTaken = (algorithm: unknown): boolean => tokenAlgorithms.some((known) => known === algorithm)

/**
 * Takes a vector as a token is taken: by our reading of its form, our list of algorithms and our choice among the keys of a
 * set. Its payload is no claims, so what jose does with those is left out.
 */
async function isAccepted(token: string, keys: readonly Key[]): Promise<boolean> {
  try {
    if (!isTaken(readSignedForm(token).header['alg'])) return false
    const set = new KeySet({
      read: async () => JSON.stringify({ keys }),
      refreshMilliseconds: 1_000,
      cooldownMilliseconds: 1_000,
      staleMilliseconds: 1_000,
      onFault: () => undefined,
      elapsed: () => 0,
    })
    const known = await set.first()
    if (known === null) return false
    await compactVerify(token, known.find, { algorithms: [...tokenAlgorithms] })
    return true
  } catch {
    return false
  }
}

/** The key says that it is for another algorithm than the token's (RFC 7517, 4.4), which some vectors overlook. */
const isForAnother = (token: string, keys: readonly Key[]): boolean =>
  keys.every(({ alg }) => alg !== undefined && alg !== headerOf(token)?.['alg'])

describe.skipIf(!isHere)('the vectors of Wycheproof', () => {
  it.each([
    ['signature', 401, { accepted: 32, excused: 4 }],
    ['key', 26, { accepted: 1, excused: 0 }],
    ['crypto', 83, { accepted: 2, excused: 0 }],
    ['encryption', 139, { accepted: 0, excused: 0 }],
  ])(
    'of %s are agreed with where their algorithm is taken, and refused where it is not',
    async (name, total, counts) => {
      verifies('identity.wycheproof')
      const text = readFileSync(join(folder, `json_web_${name}_test.json`), 'utf8')
      const { testGroups, numberOfTests } = JSON.parse(text) as Vectors
      expect(numberOfTests).toBe(total)
      const wrong: string[] = []
      let [accepted, excused] = [0, 0]
      for (const group of testGroups) {
        const keys = keysOf(group.public ?? group.private)
        for (const { tcId, comment, jws, jwe, result } of group.tests) {
          const given = jws ?? jwe
          // A JSON serialization is no text; as one it has no parts.
          const token = typeof given === 'string' ? given : JSON.stringify(given)
          const isValid = result === 'valid' && isTaken(headerOf(token)?.['alg'])
          if (isValid && isForAnother(token, keys)) excused += 1
          const wanted = isValid && !isForAnother(token, keys)
          const is = await isAccepted(token, keys)
          if (is) accepted += 1
          if (is !== wanted) wrong.push(`${name} ${tcId} ${group.comment}: ${comment} is ${result}`)
        }
      }
      expect(wrong).toEqual([])
      expect({ accepted, excused }).toEqual(counts)
    },
  )
})
