import type { Config } from '../config/schema.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import { openKeyRing } from '../gateway/privacy/keys/service-key.ts'
import { ContainerVault } from '../sealed/container-vault.ts'
import { ConversationVault } from '../sealed/conversation-vault.ts'
import { FileVault } from '../sealed/file-vault.ts'
import type { Storage } from '../storage/storage.ts'

export interface History {
  readonly conversations: ConversationVault
  readonly files: FileVault
  readonly containers: ContainerVault
  /** Of links to files: the same for all who have the key of the service. */
  readonly linkKey: () => Promise<Buffer>
}

/** Conversations and files of a running service, sealed with its key. */
export function openHistory(
  config: Config,
  { conversations, files, containers }: Pick<Storage, 'conversations' | 'files' | 'containers'>,
): History {
  const keys = onceUntilFailure(() => openKeyRing(config))
  return {
    conversations: new ConversationVault(conversations, keys, Date.now),
    files: new FileVault(files, keys, Date.now),
    containers: new ContainerVault(containers, keys),
    linkKey: async () => (await keys()).keyFor('sallyport links 1', ''),
  }
}
