import { join } from 'node:path'
import type { KeyPurpose } from '../../../files/key-file.ts'

/** Where the key of the tokens is: apart from the state, so that a copy of that does not hold it. */
export function privacyKeyPath({ secrets_directory: folder }: { readonly secrets_directory: string }): string {
  return join(folder, 'privacy.key')
}

export const privacyKeyPurpose: KeyPurpose = {
  title: 'The key of the tokens that stand for personal data',
  loss: 'makes other tokens for the same values',
  setting: 'secrets_directory or privacy.key',
}
