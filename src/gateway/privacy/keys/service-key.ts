import { openKeyFile, readKeyFile } from '../../../files/key-file.ts'
import type { PrivacyOptions } from '../profiles/options.ts'
import { KeyRing } from '../../../sealed/key-ring.ts'
import { privacyKeyPath, privacyKeyPurpose } from './paths.ts'

interface ServiceKeyConfig {
  readonly privacy: PrivacyOptions
  readonly secrets_directory: string
}

/** The keys that wrap the data keys of conversations. */
export async function openKeyRing(config: ServiceKeyConfig): Promise<KeyRing> {
  const former = config.privacy.former_keys.map((key) => Buffer.from(key.reveal(), 'hex'))
  return new KeyRing(await openServiceKey(config), former)
}

/** The same, where the key is there already: whoever only opens what was sealed makes no other key. Rejects with `invalid-config`. */
export async function openGivenKeyRing(config: ServiceKeyConfig): Promise<KeyRing> {
  if (config.privacy.key === null) await readKeyFile(privacyKeyPath(config), privacyKeyPurpose)
  return openKeyRing(config)
}

/** The key of the tokens, 32 bytes: that of the configuration, or that of the file, which is made where it is missing. */
export async function openServiceKey(config: ServiceKeyConfig): Promise<Buffer> {
  const given = config.privacy.key
  return given === null ? openKeyFile(privacyKeyPath(config), privacyKeyPurpose) : Buffer.from(given.reveal(), 'hex')
}
