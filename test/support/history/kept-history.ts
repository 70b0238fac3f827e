import { exportConversation } from '../../../src/service/export-conversation.ts'
import type { ExportWish } from '../../../src/sessions/exports/exported.ts'
import { randomBytes } from 'node:crypto'
import { ContainerVault } from '../../../src/sealed/container-vault.ts'
import { ConversationVault } from '../../../src/sealed/conversation-vault.ts'
import { FileVault } from '../../../src/sealed/file-vault.ts'
import { KeyRing } from '../../../src/sealed/key-ring.ts'
import type { Principal } from '../../../src/core/principal.ts'
import type { FilePreview } from '../../../src/sessions/file-preview.ts'
import { FileDesk, type PreviewFile } from '../../../src/sessions/file-desk.ts'
import { fileOptions, type FileOptions } from '../../../src/sessions/options.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { noSharing } from './no-sharing.ts'

interface KeptOptions {
  readonly options?: Partial<FileOptions>
  readonly preview?: PreviewFile
  readonly uploadRoomMilliseconds?: number
  readonly serviceKey?: Buffer
  readonly now?: () => number
}

/** Conversations and files over a real storage, with the desk that HTTP has. */
export function keptHistory(storage: Pick<Storage, 'conversations' | 'files' | 'containers'>, own: KeptOptions = {}) {
  const { serviceKey = randomBytes(32), now = Date.now, preview = async () => ({ looked: true }) } = own
  const ring = new KeyRing(serviceKey, [])
  const conversations = new ConversationVault(storage.conversations, async () => ring, now)
  const files = new FileVault(storage.files, async () => ring, now)
  const containers = new ContainerVault(storage.containers, async () => ring)
  const options = fileOptions.parse({ ...own.options })
  const room = own.uploadRoomMilliseconds === undefined ? {} : { uploadRoomMilliseconds: own.uploadRoomMilliseconds }
  const desk = new FileDesk({
    files: async () => files,
    options,
    mayKeep: async () => undefined,
    preview,
    now,
    ...room,
  })
  const links = { key: ring.keyFor('sallyport links 1', ''), timeToLiveMilliseconds: options.link_ms, now }
  const served = {
    desk,
    mayKeep: async () => undefined,
    conversations: async () => conversations,
    links,
    defusesFormulas: options.defuse_formulas,
    screenPreview: async (_principal: Principal, preview: FilePreview) => preview,
    sharing: noSharing,
    exportConversation: (wish: ExportWish) => exportConversation({ conversations, linkHosts: [] }, wish),
  }
  return { conversations, files, containers, served }
}
