import type { Appeal } from '../../../client/generated/appeals.ts'
import type { Approval, ApprovalFacts } from '../../../client/generated/approvals.ts'
import type { Conversation, ConversationsSearchAnswer } from '../../../client/generated/conversations.ts'
import type { StoredFile } from '../../../client/generated/files.ts'
import type { Execution } from '../../../client/generated/programs.ts'
import type { RunExplanation } from '../../../client/generated/runs.ts'
import type { Rows } from '../../../client/generated/sql.ts'
import { getJson, sendForm, sendJson, streamEvents } from '../../api/request.ts'
import type { StreamEvent } from '../../api/event-stream.ts'
import type {
  AskedResponse,
  AskOptions,
  AskService,
  Container,
  ContainerFile,
  Page,
  WholeResponse,
} from './ask-service.ts'
import type { SendOptions } from './question/file-uploads.ts'

export type Language = 'python' | 'javascript' | 'shell'

/** How long an upload may take, milliseconds. */
const uploadWait = 600_000

/** How long a call waits for a person, milliseconds: the longest that the service lets it. */
const approvalWait = 600_000

const segment = encodeURIComponent

/** What the page asks of the service; documented routes, all of them. Rejects as `request.ts` does. */
export const askApi = {
  createConversation: () => sendJson<Conversation>('POST', '/v1/conversations', {}),
  showConversation: (id: string) => getJson<Conversation>(`/v1/conversations/${segment(id)}`),
  changeConversation: (id: string, change: { title?: string; metadata?: Readonly<Record<string, string>> }) =>
    sendJson<Conversation>('POST', `/v1/conversations/${segment(id)}`, change),
  deleteConversation: (id: string) => sendJson<unknown>('DELETE', `/v1/conversations/${segment(id)}`),
  listConversations: (after: string | null) =>
    getJson<Page<Conversation>>(`/v1/conversations?limit=30${after === null ? '' : `&after=${segment(after)}`}`),
  searchConversations: (text: string, after: string | null) =>
    sendJson<ConversationsSearchAnswer>('POST', '/v1/conversations/searches', { text, after }),
  /** Oldest first; all of them, a page at a time. */
  async itemsOf(id: string): Promise<readonly unknown[]> {
    const items: unknown[] = []
    let after: string | null = null
    do {
      const query: string = after === null ? '' : `&after=${segment(after)}`
      const page: Page<unknown> = await getJson(`/v1/conversations/${segment(id)}/items?order=asc&limit=500${query}`)
      for (const item of page.data) items.push(item)
      after = page.has_more ? page.last_id : null
    } while (after !== null)
    return items
  },
  createContainer: (name: string, files: readonly string[]) =>
    sendJson<Container>('POST', '/v1/containers', { name, file_ids: files }),
  listContainers: () => getJson<Page<Container>>('/v1/containers?limit=100&order=desc'),
  deleteContainer: (id: string) => sendJson<unknown>('DELETE', `/v1/containers/${segment(id)}`),
  filesOfContainer: (id: string) =>
    getJson<Page<ContainerFile>>(`/v1/containers/${segment(id)}/files?limit=20&order=desc`),
  addToContainer: (id: string, file: string) =>
    sendJson<unknown>('POST', `/v1/containers/${segment(id)}/files`, { file_id: file }),
  ask(
    { model, input, conversation, container }: AskedResponse,
    { signal, onName }: AskOptions,
  ): AsyncGenerator<StreamEvent> {
    const tools = [{ type: 'code_interpreter', container }]
    const approvals = { wait_ms: approvalWait }
    const body = { model, input, conversation, tools, approvals, stream: true }
    const onHeaders = (headers: Headers): void => {
      const name = headers.get('x-sallyport-answer')
      if (name !== null) onName(name)
    }
    return streamEvents('/v1/responses', body, { signal, onHeaders })
  },
  showResponse: (id: string) => getJson<WholeResponse>(`/v1/responses/${segment(id)}`),
  /** Resolves when nothing runs for it any more, with how it ended. */
  cancelResponse: (id: string) => sendJson<WholeResponse>('POST', `/v1/responses/${segment(id)}/cancel`),
  uploadFile(file: File, { name, signal, onProgress }: SendOptions): Promise<StoredFile> {
    const form = new FormData()
    form.set('purpose', 'user_data')
    form.set('file', file, name)
    const within = AbortSignal.any([signal, AbortSignal.timeout(uploadWait)])
    return sendForm<StoredFile>('/v1/files', form, { signal: within, onProgress })
  },
  runStatement: (statement: string, source: string | null, signal: AbortSignal) =>
    sendJson<Rows>('POST', '/v1/sql', { statement, source, max_rows: 10_000 }, { signal }),
  runProgram: (language: Language, code: string, session: string, signal: AbortSignal) =>
    sendJson<Execution>('POST', '/v1/execute', { language, code, session, files: true }, { signal }),
  explain: (run: string) => getJson<RunExplanation>(`/v1/runs/${segment(run)}/explanation`),
  linkOfFile: (id: string) => sendJson<{ readonly url: string }>('POST', `/v1/files/${segment(id)}/link`),
  giveFeedback: (said: { about: string; verdict: 'up' | 'down'; reason?: string; comment?: string }) =>
    sendJson<unknown>('POST', '/v1/feedback', said),
  makeAppeal: (said: { decision: string; reason: string; comment: string }) =>
    sendJson<Appeal>('POST', '/v1/appeals', said),
  showAppeal: (id: string) => getJson<Appeal>(`/v1/appeals/${segment(id)}`),
  listApprovals: () => getJson<{ readonly data: readonly ApprovalFacts[] }>('/v1/approvals'),
  showApproval: (id: string) => getJson<Approval>(`/v1/approvals/${segment(id)}`),
  decideApproval: (id: string, said: { verdict: 'allow' | 'refuse' | 'edit'; text?: string }) =>
    sendJson<ApprovalFacts>('POST', `/v1/approvals/${segment(id)}`, said),
} satisfies AskService & Readonly<Record<string, unknown>>
