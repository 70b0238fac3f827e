import { describe, expect, it } from 'vitest'
import type { SealingKey } from '../../../src/core/sealing-key.ts'
import { refuseOtherKey } from '../../../src/compose/hold-key.ts'
import { privacyOptions } from '../../../src/gateway/privacy/profiles/options.ts'
import { verifies } from '../../support/verifies.ts'

const keyOf = (digit: string) => digit.repeat(64)

function configOf(key: string, former: readonly string[] = []) {
  const privacy = privacyOptions.parse({ key: keyOf(key), former_keys: former.map(keyOf) })
  return { privacy, secrets_directory: '/nowhere' }
}

describe('the key that seals', () => {
  it('is that of the other processes of a storage, or one of those before it', async () => {
    verifies('replicas.one-key')
    let noted: string | null = null
    const key: SealingKey = {
      hold: async (name, known) => {
        if (noted !== null && !known(noted)) return false
        noted = name
        return true
      },
    }
    await refuseOtherKey(configOf('a'), key)
    await refuseOtherKey(configOf('a'), key)
    const other = refuseOtherKey(configOf('b'), key)
    await expect(other).rejects.toMatchObject({
      code: 'invalid-config',
      advice: expect.stringContaining('SALLYPORT_PRIVACY_KEY'),
    })
    await refuseOtherKey(configOf('b', ['a']), key)
    await expect(refuseOtherKey(configOf('a'), key)).rejects.toMatchObject({ code: 'invalid-config' })
  })
})
