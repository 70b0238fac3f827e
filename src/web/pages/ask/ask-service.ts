import type { Conversation } from '../../../client/generated/conversations.ts'
import type { StreamEvent } from '../../api/event-stream.ts'

export interface Page<Of> {
  readonly data: readonly Of[]
  readonly last_id: string | null
  readonly has_more: boolean
}

export interface Container {
  readonly id: string
  readonly name: string
  readonly status: 'running' | 'expired'
  /** Seconds since 1970. */
  readonly last_active_at: number
}

export interface ContainerFile {
  /** `cfile_…` */
  readonly id: string
  readonly path: string
}

/** What of a response its caller reads later; read member by member where it is used. */
export type WholeResponse = Readonly<Record<string, unknown>>

export interface AskedResponse {
  readonly model: string
  readonly input: string
  readonly conversation: string
  readonly container: string
}

export interface AskOptions {
  /** To abort it ends what runs for the answer. */
  readonly signal: AbortSignal
  /** Told the name of the answer, by which its caller may object to it. */
  readonly onName: (name: string) => void
}

/** What a conversation and its container need of the service. Rejects with ProblemError where the service says no. */
export interface AskService {
  createConversation(): Promise<Pick<Conversation, 'id'>>
  showConversation(id: string): Promise<Pick<Conversation, 'id' | 'title' | 'metadata'>>
  changeConversation(
    id: string,
    change: { readonly title?: string; readonly metadata?: Readonly<Record<string, string>> },
  ): Promise<unknown>
  /** All of them, oldest first. */
  itemsOf(conversation: string): Promise<readonly unknown[]>
  /** `files`: stored ones that it begins with. */
  createContainer(name: string, files: readonly string[]): Promise<Pick<Container, 'id'>>
  listContainers(): Promise<Pick<Page<Container>, 'data'>>
  /** Resolves when nothing of it runs any more. */
  deleteContainer(id: string): Promise<unknown>
  filesOfContainer(id: string): Promise<Pick<Page<ContainerFile>, 'data'>>
  addToContainer(id: string, file: string): Promise<unknown>
  /** The events of an answer as they come. */
  ask(asked: AskedResponse, options: AskOptions): AsyncGenerator<StreamEvent>
  showResponse(id: string): Promise<WholeResponse>
  /** Resolves when nothing runs for it any more, with how it ended. */
  cancelResponse(id: string): Promise<WholeResponse>
}

/** What a conversation that is open works with. */
export interface ConversationParts {
  readonly api: AskService
  /** Milliseconds by a clock that only goes forward. */
  readonly now: () => number
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>
  /** Told when the service has made the conversation. */
  readonly onMade: (id: string) => void
}
