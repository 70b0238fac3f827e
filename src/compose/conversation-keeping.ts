import type { Config } from '../config/schema.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import { localOperator } from '../gateway/authenticate/authenticate.ts'
import { openGivenKeyRing } from '../gateway/privacy/keys/service-key.ts'
import { ConversationVault } from '../sealed/conversation-vault.ts'
import { FileVault } from '../sealed/file-vault.ts'
import type { ConversationKeeper } from '../service/conversation-keeper.ts'
import { createOwnConversations } from '../service/own-conversations.ts'
import { openStorage } from '../storage/open-storage.ts'
import { settleOtherTime } from './other-time.ts'

/** The conversations that are kept for the person at the command line, in the storage of the configuration. */
export function createConversationKeeper(config: Config): ConversationKeeper {
  const within = async <T>(work: (own: ConversationKeeper) => Promise<T>): Promise<T> => {
    await using storage = await openStorage(config, {
      for: 'command',
      onOtherTime: (why) => settleOtherTime(config, why),
    })
    const keys = onceUntilFailure(() => openGivenKeyRing(config))
    const conversations = new ConversationVault(storage.conversations, keys, Date.now)
    const files = new FileVault(storage.files, keys, Date.now)
    const { link_hosts: linkHosts } = config.filters
    return await work(createOwnConversations({ principal: localOperator.id, conversations, files, linkHosts }))
  }
  return {
    list: (page) => within((own) => own.list(page)),
    show: (id) => within((own) => own.show(id)),
    lastQuestions: (most) => within((own) => own.lastQuestions(most)),
    export: (id, format) => within((own) => own.export(id, format)),
    usage: (id) => within((own) => own.usage(id)),
    explain: (id) => within((own) => own.explain(id)),
    undo: (id) => within((own) => own.undo(id)),
    delete: (id) => within((own) => own.delete(id)),
  }
}
