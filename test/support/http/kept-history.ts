import { randomBytes } from 'node:crypto'
import { ConversationVault } from '../../../src/gateway/privacy/vault/conversation-vault.ts'
import { FileVault } from '../../../src/gateway/privacy/vault/file-vault.ts'
import { KeyRing } from '../../../src/gateway/privacy/vault/key-ring.ts'
import { fileLimitsOf } from '../../../src/sessions/file-desk.ts'
import { fileOptions, type FileOptions } from '../../../src/sessions/options.ts'
import { openStorage, type OpenedStorage } from '../../../src/storage/open-storage.ts'
import type { ResponseHistory } from '../../../src/surfaces/openai/responses/own-responses.ts'
import { embeddedStorage } from './admin-service.ts'

export interface KeptHistory extends AsyncDisposable {
  readonly history: ResponseHistory
  readonly storage: OpenedStorage
}

/** Conversations and files in an embedded storage of its own. */
export async function keptHistory(files: Partial<FileOptions> = {}): Promise<KeptHistory> {
  const storage = await openStorage(embeddedStorage(), { for: 'service' })
  const ring = new KeyRing(randomBytes(32), [])
  const keys = async () => ring
  return {
    storage,
    history: {
      conversations: new ConversationVault(storage.conversations, keys, Date.now),
      files: new FileVault(storage.files, keys, Date.now),
      limits: fileLimitsOf(fileOptions.parse(files)),
    },
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  }
}
