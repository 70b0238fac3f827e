import type { AuditQuery, AuditReport, AuditRequest, FoundEntry, SearchOptions } from '../../service/audit-keeper.ts'
import type { OperatorShares } from '../../core/shares.ts'
import type { ApprovalKeeper } from '../../service/approval-keeper.ts'
import type { KeyKeeper } from '../../service/sallyport.ts'
import type { LimitKeeper } from '../../service/limits.ts'
import type { LinkKeeper } from '../../service/sign-in-links.ts'
import type { SuspensionKeeper } from '../../service/suspensions.ts'
import type { TuningKeeper } from '../../service/tuning-keeper.ts'
import type { ConversationKeeper } from '../../service/conversation-keeper.ts'
import type { CommandContext } from '../context.ts'
import { waitFor } from '../wait-for.ts'
import type { ServerAddress } from './admin-client.ts'

const nothingToEnd = { [Symbol.asyncDispose]: async () => undefined }

/** The keys of the service at `--server`, or those of this machine. */
export async function keysAt(context: CommandContext, address: ServerAddress): Promise<KeyKeeper & AsyncDisposable> {
  const { server, ...rest } = address
  if (server === undefined) return context.openKeys(context.config().config)
  const { createAskAdmin } = await import('./admin-client.ts')
  const { createRemoteKeys } = await import('./keys.ts')
  return { ...createRemoteKeys(createAskAdmin(context, { server, ...rest })), ...nothingToEnd }
}

/** The suspensions of the service at `--server`, or those of this machine. */
export async function suspensionsAt(
  context: CommandContext,
  address: ServerAddress,
): Promise<SuspensionKeeper & AsyncDisposable> {
  const { server, ...rest } = address
  if (server === undefined) return context.openSuspensions(context.config().config)
  const { createAskAdmin } = await import('./admin-client.ts')
  const { createRemoteSuspensions } = await import('./suspensions.ts')
  return { ...createRemoteSuspensions(createAskAdmin(context, { server, ...rest })), ...nothingToEnd }
}

/** Links of the service at `--server`, or of that of this machine. */
export async function linksAt(context: CommandContext, address: ServerAddress): Promise<LinkKeeper & AsyncDisposable> {
  const { server, ...rest } = address
  if (server === undefined) return context.openLinks(context.config().config)
  const { createAskAdmin } = await import('./admin-client.ts')
  const { createRemoteLinks } = await import('./web-links.ts')
  return { ...createRemoteLinks(createAskAdmin(context, { server, ...rest })), ...nothingToEnd }
}

/** The approvals of the service at `--server`, or those of this machine. */
export async function approvalsAt(context: CommandContext, address: ServerAddress): Promise<ApprovalKeeper> {
  const { server, ...rest } = address
  if (server === undefined) return context.openApprovalKeeper(context.config().config)
  const { createAskAdmin } = await import('./admin-client.ts')
  const { createRemoteApprovalKeeper } = await import('./approval-keeper.ts')
  return createRemoteApprovalKeeper(createAskAdmin(context, { server, ...rest }))
}

/** The shares that the service at `--server` keeps, of everybody, or those of this machine. */
export async function sharesAt(context: CommandContext, address: ServerAddress): Promise<OperatorShares> {
  const { server, ...rest } = address
  if (server === undefined) return context.openShareKeeper(context.config().config)
  const { createAskAdmin } = await import('./admin-client.ts')
  const { createRemoteShares } = await import('./shares.ts')
  return createRemoteShares(createAskAdmin(context, { server, ...rest }))
}

/** The limits of the service at `--server`, or those of this machine. */
export async function limitsAt(
  context: CommandContext,
  address: ServerAddress,
): Promise<LimitKeeper & AsyncDisposable> {
  const { server, ...rest } = address
  if (server === undefined) return context.openLimits(context.config().config)
  const { createAskAdmin } = await import('./admin-client.ts')
  const { createRemoteLimits } = await import('./limits.ts')
  return { ...createRemoteLimits(createAskAdmin(context, { server, ...rest })), ...nothingToEnd }
}

/** The thresholds of the service at `--server`, or those of this machine. */
export async function tuningAt(
  context: CommandContext,
  address: { readonly server?: string | undefined; readonly keyFile?: string | undefined },
): Promise<TuningKeeper & AsyncDisposable> {
  const { server, keyFile } = address
  if (server === undefined) return { ...(await context.openTuning(context.config().config)), ...nothingToEnd }
  const { createAskAdmin } = await import('./admin-client.ts')
  const { createRemoteTuning } = await import('./tuning.ts')
  const given = { server, ...(keyFile === undefined ? {} : { keyFile }), answerMilliseconds: checkMilliseconds }
  return { ...createRemoteTuning(createAskAdmin(context, given)), ...nothingToEnd }
}

/** The conversations that the service at `--server` keeps for the owner of the key, or those of this machine. */
export async function conversationsAt(context: CommandContext, address: ServerAddress): Promise<ConversationKeeper> {
  const { server, keyFile } = address
  const { config } = context.config()
  if (server === undefined) return context.openConversationKeeper(config)
  const { createRunningService } = await import('../running-service.ts')
  const { createRemoteConversations } = await import('./conversations.ts')
  const given = { url: server, ...(keyFile === undefined ? {} : { keyFile }) }
  const service = createRunningService(given, { config, variables: context.variables })
  return createRemoteConversations(service, (work) => waitFor(context, 'asking the service', work))
}

/** A check of a whole trail reads all of it, some hundred thousand lines a second; a simulation, all that is recorded. */
const checkMilliseconds = 240_000

/** A check of the trail of the service at `--server`, or of one of this machine. */
export async function checkAt(
  context: CommandContext,
  address: ServerAddress,
  request: AuditRequest,
): Promise<AuditReport> {
  const { server, ...rest } = address
  if (server === undefined) return (await context.openAuditKeeper(context.config().config)).check(request)
  const { createAskAdmin } = await import('./admin-client.ts')
  const { checkRemotely } = await import('./audit.ts')
  const ask = createAskAdmin(context, { server, ...rest, answerMilliseconds: checkMilliseconds })
  return checkRemotely(ask, server, request.expected)
}

/** Lines of the trail of the service at `--server`, or of this machine: of a file, null for the configured one. */
export async function trailAt(
  context: CommandContext,
  address: ServerAddress & { readonly path: string | null },
  { onPassedOver, ...query }: AuditQuery & Pick<SearchOptions, 'onPassedOver'>,
): Promise<AsyncIterable<Pick<FoundEntry, 'entry'>>> {
  const { server, path, ...rest } = address
  if (server === undefined)
    return (await context.openAuditKeeper(context.config().config)).search(
      path,
      query,
      onPassedOver && { onPassedOver },
    )
  const { createAskAdmin } = await import('./admin-client.ts')
  const { searchRemotely } = await import('./audit.ts')
  return searchRemotely(createAskAdmin(context, { server, ...rest }), query)
}
