import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '../../../src/core/secret.ts'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import { createKeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { identityOptions } from '../../../src/gateway/authenticate/options.ts'
import { createTokens } from '../../../src/gateway/authenticate/tokens/tokens.ts'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'
import { makeKey, tokenOf } from '../../support/identity/test-issuer.ts'
import { figure, type Figures } from '../figures.ts'

const rounds = 20_000
const issuer = 'https://login.example.com'

async function times(count: number, work: (round: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = []
  for (let round = 0; round < count; round += 1) {
    const start = performance.now()
    await work(round)
    samples.push(performance.now() - start)
  }
  return samples
}

/** What it takes to know a caller: by a key among a thousand, by a token that was seen before, and by a new one. */
export async function measureIdentity(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const config = { storage: storageOptions.parse({ path: join(folder, 'sallyport.db') }), state_directory: folder }
  try {
    await using storage = await openStorage(config, { for: 'service' })
    const keys = createKeyStore({ storage: async () => storage })
    const made: string[] = []
    for (let count = 0; count < 1_000; count += 1)
      made.push((await keys.create(`key ${count}`, 'default')).key.reveal())
    const signing = makeKey('RS256', 'first')
    const groups = { map: { staff: 'default' } }
    const { issuers } = identityOptions.parse({ issuers: { corp: { issuer, audience: 'sallyport', groups } } })
    const read = async () => JSON.stringify({ keys: [signing.jwk] })
    const identify = createIdentify(keys, { tokens: createTokens({ issuers, read, onFault: () => undefined }) })
    const exp = Math.floor(Date.now() / 1_000) + 3_600
    const claims = { iss: issuer, aud: 'sallyport', sub: 'ann', groups: ['staff'], exp }
    const token = (jti: number) => tokenOf({ alg: 'RS256', typ: 'at+jwt', kid: 'first' }, { ...claims, jti }, signing)
    const fresh = Array.from({ length: 1_000 }, (_, jti) => token(jti))
    const who = (credential: string) => identify('http', new Secret(credential))
    await who(token(-1))
    return {
      'identity.key': figure(await times(rounds, (round) => who(made[round % made.length] ?? ''))),
      'identity.token_new': figure(await times(fresh.length, (round) => who(fresh[round] ?? ''))),
      'identity.token_known': figure(await times(rounds, (round) => who(fresh[round % fresh.length] ?? ''))),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
