import type { Config } from '../config/schema.ts'
import { ServiceError } from '../core/errors.ts'
import type { SealingKey } from '../core/sealing-key.ts'
import { openKeyRing } from '../gateway/privacy/keys/service-key.ts'

/** What an operator says to the server of the storage where a key is lost. */
const anew = 'delete from sallyport.sealing_key'

type KeyConfig = Pick<Config, 'privacy' | 'secrets_directory'>

/**
 * Throws `invalid-config` where what processes of this storage keep is sealed with a key that this one has not: it would answer with faults, and what it kept
 * itself would be lost to all others, or to all with its own folder.
 */
export async function refuseOtherKey(config: KeyConfig, key: SealingKey): Promise<void> {
  const ring = await openKeyRing(config)
  if (await key.hold(ring.prefix, (other) => ring.opens(other))) return
  const place = config.privacy.key === null ? 'the file privacy.key in secrets_directory' : 'privacy.key'
  throw new ServiceError(
    'invalid-config',
    `What this storage keeps is sealed with another key than that of ${place}.`,
    {
      advice: `Give each process of the storage the same SALLYPORT_PRIVACY_KEY; where the key was changed, the one before it in privacy.former_keys. If it is lost, what it has sealed is lost too: "${anew}" begins anew.`,
    },
  )
}
