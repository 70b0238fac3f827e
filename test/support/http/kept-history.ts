import { randomBytes } from 'node:crypto'
import { ConversationVault } from '../../../src/gateway/privacy/vault/conversation-vault.ts'
import { FileVault } from '../../../src/gateway/privacy/vault/file-vault.ts'
import { KeyRing } from '../../../src/gateway/privacy/vault/key-ring.ts'
import { openStorage, type OpenedStorage } from '../../../src/storage/open-storage.ts'
import type { StorageConfig } from '../../../src/storage/options.ts'
import type { ResponseHistory } from '../../../src/surfaces/openai/responses/own-responses.ts'
import { embeddedStorage } from './admin-service.ts'

export interface KeptHistory extends AsyncDisposable {
  readonly history: ResponseHistory
  readonly storage: OpenedStorage
}

/** Conversations and files in an embedded storage, a new one where none is given. */
export async function keptHistory(
  config: StorageConfig = embeddedStorage(),
  key: Buffer = randomBytes(32),
): Promise<KeptHistory> {
  const storage = await openStorage(config, { for: 'service' })
  const keys = async () => new KeyRing(key, [])
  return {
    storage,
    history: {
      conversations: new ConversationVault(storage.conversations, keys, Date.now),
      files: new FileVault(storage.files, keys, Date.now),
    },
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  }
}
