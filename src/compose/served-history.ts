import type { Config } from '../config/schema.ts'
import { ownModel } from '../core/own-model.ts'
import type { Principal } from '../core/principal.ts'
import type { GrantFor } from '../gateway/authorize/policy.ts'
import { mayRunPrograms } from '../gateway/executions.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import type { ScreenerFor } from '../gateway/screen/screener-for.ts'
import { exportConversation } from '../service/export-conversation.ts'
import { createPreviewFile } from '../service/preview-file.ts'
import { screenPreview } from '../service/screen-preview.ts'
import type { ExportWish } from '../sessions/exports/exported.ts'
import { FileDesk } from '../sessions/file-desk.ts'
import type { ScreenPreview } from '../surfaces/native/file-previews.ts'
import { noUseOfSandboxes } from '../surfaces/e2b/sandbox-service.ts'
import type { CodeUploads } from '../surfaces/librechat/librechat-options.ts'
import { noUseOfSessions } from '../surfaces/native/sessions.ts'
import type { History } from './open-history.ts'
import { openSharing, type SharingParts } from './sharing.ts'

export interface HistoryParts extends Omit<SharingParts, 'now'> {
  readonly config: Config
  readonly history: History
  readonly grantFor: GrantFor
  readonly sandboxes: Pick<Sandboxes, 'claim'>
  readonly screenerFor: ScreenerFor
}

/** Files for those who may ask the service's own model, and conversations of everybody who has one. */
export async function servedHistory(parts: HistoryParts) {
  const { config, history, grantFor, sandboxes, screenerFor } = parts
  const { link_ms: timeToLiveMilliseconds, defuse_formulas: defusesFormulas } = config.files
  const mayKeep = async (principal: Principal): Promise<void> => {
    const { models } = await grantFor(principal, 'http')
    if (!models.includes(ownModel)) throw noUseOfSessions(principal.group)
  }
  const desk = new FileDesk({
    files: async () => history.files,
    options: config.files,
    mayKeep,
    preview: createPreviewFile({
      claim: (tenant, signal) => sandboxes.claim({ tenant, language: 'python' }, signal),
      timeoutMilliseconds: config.tools.python_timeout_ms,
    }),
    now: Date.now,
  })
  const screened: ScreenPreview = async (principal, preview, signal) => {
    const granted = { principal, grant: await grantFor(principal, 'http') }
    return screenPreview(
      preview,
      screenerFor(granted, 'outbound', () => null),
      signal,
    )
  }
  const { conversations } = history
  const { link_hosts: linkHosts } = config.filters
  const links = { key: await history.linkKey(), timeToLiveMilliseconds, now: Date.now }
  return {
    desk,
    mayKeep,
    conversations: async () => conversations,
    links,
    defusesFormulas,
    screenPreview: screened,
    sharing: openSharing({ ...parts, now: Date.now }),
    exportConversation: (wish: ExportWish) => exportConversation({ conversations, linkHosts }, wish),
  }
}

/** Files for programs of callers, without a look at what they hold: whoever brings them runs them. */
export function codeUploadsOf({
  config,
  history,
  grantFor,
}: Pick<HistoryParts, 'config' | 'history' | 'grantFor'>): CodeUploads {
  const desk = new FileDesk({
    files: async () => history.files,
    options: { ...config.files, previews: false },
    mayKeep: async (principal) => {
      if (!mayRunPrograms(await grantFor(principal, 'http'))) throw noUseOfSandboxes(principal.group)
    },
    preview: async () => null,
    now: Date.now,
  })
  const waitMilliseconds = config.sandbox.pool.queue_ms
  return { desk, defusesFormulas: config.files.defuse_formulas, waitMilliseconds }
}
