import type { RequestHandler } from 'express'
import type { Conversations } from '../core/conversations.ts'
import type { HeldAct, ObserveHeld } from '../core/facts.ts'
import type { Principal } from '../core/principal.ts'
import type { Sharing } from '../core/shares.ts'
import type { FileDesk } from '../sessions/file-desk.ts'
import { observed } from './observed.ts'
import type { FileLinks } from './file-links.ts'
import { sendExport, type ExportConversation } from './native/conversation-exports.ts'
import {
  addItems,
  changeConversation,
  createConversation,
  deleteConversation,
  deleteItem,
  listConversations,
  listItems,
  showConversation,
} from './openai/conversations.ts'
import { searchOwnConversations } from './native/conversation-searches.ts'
import { previewFile, type ScreenPreview } from './native/file-previews.ts'
import { shareRoutes } from './native/shares.ts'
import { sendRunExplanation } from './native/run-explanations.ts'
import { listRunCharts } from './native/run-charts.ts'
import { listRunTables, runTableContent, showRunTable } from './native/run-tables.ts'
import { deleteFile, fileContent, linkedFile, linkFile, listFiles, showFile, uploadFile } from './openai/files.ts'

/** What callers keep here: conversations and files. */
export interface HistoryUse {
  readonly desk: FileDesk
  /** Rejects with `forbidden` for somebody who has no use for what is kept. */
  readonly mayKeep: (principal: Principal) => Promise<void>
  readonly conversations: () => Promise<Conversations>
  readonly links: FileLinks
  readonly defusesFormulas: boolean
  /** Null for none of the caller's own. */
  readonly exportConversation: ExportConversation
  readonly screenPreview: ScreenPreview
  readonly sharing: Sharing
}

interface HistoryRoutesOptions {
  readonly history: HistoryUse
  readonly observe: ObserveHeld
  /** Reads a body of JSON. */
  readonly body: RequestHandler
  readonly stallMilliseconds: number
  readonly stopping: AbortSignal
}

interface HistoryRoute {
  readonly method: 'get' | 'post' | 'delete'
  readonly path: string
  readonly access: 'open' | 'sessions'
  readonly handlers: readonly RequestHandler[]
  readonly hasHead?: boolean
}

/** The places of conversations and files, for keys that may have sessions; a link is its own permission. */
export function historyRoutes({
  history,
  observe,
  body,
  stallMilliseconds,
  stopping,
}: HistoryRoutesOptions): readonly HistoryRoute[] {
  const files = { ...history, observe, stallMilliseconds, stopping }
  const { conversations, mayKeep, desk, screenPreview, defusesFormulas } = history
  const results = { conversations, defusesFormulas, stallMilliseconds }
  const vault = { vault: conversations, mayKeep, observe }
  const file = (action: Extract<HeldAct, { readonly of: 'file' }>['action'], handler: RequestHandler) =>
    observed(observe, { of: 'file', action }, handler)
  const talk = (action: Extract<HeldAct, { readonly of: 'conversation' }>['action'], handler: RequestHandler) =>
    observed(observe, { of: 'conversation', action }, handler)
  const [all, one] = ['/v1/conversations', '/v1/conversations/:id'] as const
  const access = 'sessions' as const
  return [
    { method: 'get', path: '/v1/files', access, handlers: [listFiles(files)] },
    { method: 'post', path: '/v1/files', access, handlers: [file('keep', uploadFile(files))] },
    { method: 'get', path: '/v1/files/:id', access, handlers: [showFile(files)] },
    { method: 'delete', path: '/v1/files/:id', access, handlers: [file('delete', deleteFile(files))] },
    {
      method: 'get',
      path: '/v1/files/:id/content',
      access,
      handlers: [file('read', fileContent(files))],
      hasHead: false,
    },
    {
      method: 'get',
      path: '/v1/files/:id/preview',
      access,
      handlers: [file('read', previewFile({ desk, screenPreview, stopping }))],
      hasHead: false,
    },
    { method: 'post', path: '/v1/files/:id/link', access, handlers: [file('link', linkFile(files))] },
    { method: 'get', path: '/v1/files/links/:link', access: 'open', handlers: [linkedFile(files)], hasHead: false },
    { method: 'get', path: all, access, handlers: [listConversations(conversations)] },
    { method: 'post', path: all, access, handlers: [body, talk('make', createConversation(vault))] },
    {
      method: 'post',
      path: '/v1/conversations/searches',
      access,
      handlers: [body, searchOwnConversations(conversations, stopping)],
    },
    { method: 'get', path: one, access, handlers: [showConversation(conversations)] },
    { method: 'post', path: one, access, handlers: [body, talk('change', changeConversation(conversations))] },
    { method: 'delete', path: one, access, handlers: [talk('delete', deleteConversation(conversations, desk))] },
    {
      method: 'get',
      path: `${one}/export`,
      access,
      handlers: [talk('export', sendExport(history.exportConversation))],
      hasHead: false,
    },
    { method: 'get', path: `${one}/items`, access, handlers: [listItems(conversations)] },
    { method: 'get', path: '/v1/runs/:id/explanation', access, handlers: [sendRunExplanation(conversations)] },
    { method: 'get', path: '/v1/runs/:id/charts', access, handlers: [listRunCharts(results, desk)] },
    { method: 'get', path: '/v1/runs/:id/tables', access, handlers: [listRunTables(results)] },
    { method: 'get', path: '/v1/runs/:id/tables/:call', access, handlers: [showRunTable(results)], hasHead: false },
    {
      method: 'get',
      path: '/v1/runs/:id/tables/:call/content',
      access,
      handlers: [talk('take-table', runTableContent(results))],
      hasHead: false,
    },
    { method: 'post', path: `${one}/items`, access, handlers: [body, talk('add', addItems(vault))] },
    {
      method: 'delete',
      path: `${one}/items/:item`,
      access,
      handlers: [talk('delete-item', deleteItem(conversations))],
    },
    ...shareRoutes({ sharing: history.sharing, mayKeep, observe, body, stopping }),
  ]
}
