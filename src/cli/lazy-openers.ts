import type { Openers } from './openers.ts'

/** Parts of commands, each loaded with all that it needs by the command that uses it. What a process owns opens everything. */
export const lazyOpeners: Omit<Openers, 'open'> = {
  openKeys: async (config) => (await import('../compose/key-keeping.ts')).openAuditedKeys(config),
  openSuspensions: async (config) => (await import('../compose/suspension-keeping.ts')).openSuspensionKeeper(config),
  openLinks: async (config) => (await import('../compose/link-keeping.ts')).openLinkKeeper(config),
  openLimits: async (config) => (await import('../compose/limit-keeping.ts')).openLimitKeeper(config),
  openStorageKeeper: async (config) => (await import('../compose/storage-keeping.ts')).createStorageKeeper(config),
  openReportKeeper: async (config) => (await import('../compose/report-keeping.ts')).createReportKeeper(config),
  openTuning: async (config) => (await import('../compose/tuning-keeping.ts')).createLocalTuning(config),
  openApprovalKeeper: async (config) => (await import('../compose/approval-keeping.ts')).createApprovalKeeper(config),
  openShareKeeper: async (config) => (await import('../compose/share-keeping.ts')).createShareKeeper(config),
  openConversationKeeper: async (config) =>
    (await import('../compose/conversation-keeping.ts')).createConversationKeeper(config),
  openLocalRoutes: async (config) => (await import('../service/local-routes.ts')).openLocalRoutes(config),
  openLocalActions: async (config) => (await import('../service/local-actions.ts')).openLocalActions(config),
  openPolicyTools: async (config) => (await import('../service/policy-tools.ts')).openPolicyTools(config),
  openLocalPrivacy: async (config) => (await import('../service/local-privacy.ts')).openLocalPrivacy(config),
  openContentTools: async (config) => (await import('../service/content-tools.ts')).openContentTools(config),
  openFilterService: async (config) => (await import('../compose/filter-service.ts')).openFilterService(config),
  drawAnew: async (picture, signal) => (await import('../compose/drawn-pictures.ts')).drawAnew(picture, signal),
  openAuditKeeper: async (config) => (await import('../service/audit-keeper.ts')).createAuditKeeper(config),
}
