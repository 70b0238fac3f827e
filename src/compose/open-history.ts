import type { Config } from '../config/schema.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import { openKeyRing } from '../gateway/privacy/keys/service-key.ts'
import { ComplaintVault } from '../sealed/complaint-vault.ts'
import { ContainerVault } from '../sealed/container-vault.ts'
import { ConversationVault } from '../sealed/conversation-vault.ts'
import { FileVault } from '../sealed/file-vault.ts'
import { SampleVault } from '../sealed/sample-vault.ts'
import { ShareVault } from '../sealed/share-vault.ts'
import type { Storage } from '../storage/storage.ts'

export interface History {
  readonly conversations: ConversationVault
  readonly files: FileVault
  readonly containers: ContainerVault
  readonly complaints: ComplaintVault
  readonly shares: ShareVault
  /** Texts of recorded decisions. */
  readonly samples: SampleVault
  /** Of links to files: the same for all who have the key of the service. */
  readonly linkKey: () => Promise<Buffer>
  /** Of names of answers: the key in use, and those before it. */
  readonly answerKeys: () => Promise<readonly [Buffer, ...Buffer[]]>
}

/** Conversations and files of a running service, sealed with its key. */
export function openHistory(
  config: Config,
  {
    conversations,
    files,
    containers,
    complaints,
    shares,
    recordedDecisions,
  }: Pick<Storage, 'conversations' | 'files' | 'containers' | 'complaints' | 'shares' | 'recordedDecisions'>,
): History {
  const keys = onceUntilFailure(() => openKeyRing(config))
  return {
    conversations: new ConversationVault(conversations, keys, Date.now),
    files: new FileVault(files, keys, Date.now),
    containers: new ContainerVault(containers, keys),
    complaints: new ComplaintVault(complaints, keys),
    shares: new ShareVault(shares, keys),
    samples: new SampleVault(recordedDecisions, keys),
    linkKey: async () => (await keys()).keyFor('sallyport links 1', ''),
    answerKeys: async () => (await keys()).keysFor('sallyport answers 1', ''),
  }
}
