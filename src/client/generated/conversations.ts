// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import { segment } from '../call.ts'
import type { CallOptions, Transport } from '../transport.ts'
import type { JsonValue } from './shared.ts'

export interface Conversation {
  readonly id: string
  readonly object: 'conversation'
  readonly created_at: number
  readonly metadata: { readonly [name: string]: string }
  readonly title: string | null
  readonly used_at: number
}

export interface ConversationsListAnswer {
  readonly object: 'list'
  readonly data: readonly Conversation[]
  readonly first_id: string | null
  readonly last_id: string | null
  readonly has_more: boolean
}

export interface ConversationsCreateRequestItemsItemContentItem {
  readonly type: 'input_text' | 'output_text' | 'text'
  readonly text: string
  readonly [member: string]: unknown
}

export interface ConversationsCreateRequestItemsItem {
  readonly type?: 'message' | undefined
  readonly role: 'user' | 'assistant' | 'system' | 'developer'
  readonly content: string | readonly ConversationsCreateRequestItemsItemContentItem[]
  readonly [member: string]: unknown
}

export interface ConversationsCreateRequest {
  readonly items?: readonly ConversationsCreateRequestItemsItem[] | null | undefined
  readonly metadata?: { readonly [name: string]: string } | null | undefined
  readonly title?: string | null | undefined
}

export interface ConversationsChangeRequest {
  readonly metadata?: { readonly [name: string]: string } | null | undefined
  readonly title?: string | null | undefined
}

export interface ConversationsDeleteAnswer {
  readonly id: string
  readonly object: 'conversation.deleted'
  readonly deleted: true
}

export interface ConversationItem {
  readonly id: string
  readonly type: string
  readonly status: string
  /** When it was kept: for a call of a tool when it had ended. */
  readonly made_at: string
  /** How long a call of a tool took; of other items there is none. */
  readonly duration_ms?: number | undefined
  /** What it was made of: user and operator are trusted; model, tool, row, file and web are what others may have written; unknown is what nobody has followed. */
  readonly origins: readonly ('operator' | 'user' | 'model' | 'tool' | 'row' | 'file' | 'web' | 'unknown')[]
  readonly [member: string]: unknown
}

export interface ConversationsItemsAnswer {
  readonly object: 'list'
  readonly data: readonly ConversationItem[]
  readonly first_id: string | null
  readonly last_id: string | null
  readonly has_more: boolean
}

export interface ConversationsAddAnswer {
  readonly object: 'list'
  readonly data: readonly ConversationItem[]
  readonly first_id: string | null
  readonly last_id: string | null
  readonly has_more: boolean
}

export interface ConversationsAddRequestItemsItemContentItem {
  readonly type: 'input_text' | 'output_text' | 'text'
  readonly text: string
  readonly [member: string]: unknown
}

export interface ConversationsAddRequestItemsItem {
  readonly type?: 'message' | undefined
  readonly role: 'user' | 'assistant' | 'system' | 'developer'
  readonly content: string | readonly ConversationsAddRequestItemsItemContentItem[]
  readonly [member: string]: unknown
}

export interface ConversationsAddRequest {
  readonly items: readonly ConversationsAddRequestItemsItem[]
}

export interface ConversationsReplayAnswer {
  readonly id: string
  readonly object: 'response'
  readonly status: string
  readonly output: readonly JsonValue[]
  readonly [member: string]: unknown
}

export interface ConversationsReplayRequestApprovals {
  /** Calls that somebody has to allow: those of rules alone, programs that can write files as well, or every one. */
  readonly calls?: 'rules' | 'on-write' | 'always' | undefined
  /** How long a call waits for a decision before it ends the answer. */
  readonly wait_ms?: number | undefined
}

export interface ConversationsReplayRequest {
  /** The service’s own model, with the source that was asked behind a colon; analyst where it is left out. */
  readonly model?: string | null | undefined
  /** Where the programs run again. What they had made there before is let go of first. */
  readonly container?: string | null | undefined
  /** The same in a session of POST /v1/sessions. */
  readonly session?: string | null | undefined
  /** A stream tells of each call that waits by an event sallyport.approval_requested, which has no number; POST /v1/approvals/{id} decides it. */
  readonly approvals?: ConversationsReplayRequestApprovals | null | undefined
}

export interface ConversationsSearchAnswerDataItemMatchesItem {
  /** Null for the title. */
  readonly item: string | null
  readonly where: 'title' | 'question' | 'answer' | 'instructions' | 'code' | 'result' | 'file'
  readonly excerpt: string
  /** Where it stands in the excerpt, in UTF-16 units. */
  readonly start: number
  readonly length: number
}

export interface ConversationsSearchAnswerDataItem {
  readonly conversation: Conversation
  readonly matches: readonly ConversationsSearchAnswerDataItemMatchesItem[]
}

export interface ConversationsSearchAnswer {
  readonly object: 'list'
  readonly data: readonly ConversationsSearchAnswerDataItem[]
  /** Conversations that were looked at for this answer. */
  readonly searched: number
  /** The last of them; null where all were looked at. */
  readonly last_id: string | null
  /** Are there conversations that were not looked at? */
  readonly has_more: boolean
}

export interface ConversationsSearchRequest {
  /** What is looked for, whatever the case of its letters. */
  readonly text: string
  /** Conversations that are found at most; 20 without it. */
  readonly limit?: number | null | undefined
  /** Goes on behind it: the `last_id` of the answer before. */
  readonly after?: string | null | undefined
}

export interface ConversationsListQuery {
  /** Of one page at most. */
  readonly limit?: number | undefined
  readonly order?: 'asc' | 'desc' | undefined
  /** The id of the last one of the page before. */
  readonly after?: string | undefined
}

export interface ConversationsExportQuery {
  /** ipynb: a notebook that Jupyter runs again; md: Markdown; html: a page that needs nothing else and does nothing. */
  readonly format: 'ipynb' | 'md' | 'html'
}

export interface ConversationsItemsQuery {
  /** Of one page at most. */
  readonly limit?: number | undefined
  readonly order?: 'asc' | 'desc' | undefined
  /** The id of the last one of the page before. */
  readonly after?: string | undefined
}

/** Of the operations `conversations.*`. */
export class Conversations {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** The caller’s conversations, newest first. Wants a key with the scope sessions. */
  list(query: ConversationsListQuery = {}, options: CallOptions = {}): Promise<ConversationsListAnswer> {
    return this.#transport.json({ method: 'GET', path: '/v1/conversations', query }, options)
  }

  /** Makes a conversation. Wants a key with the scope sessions. */
  create(body: ConversationsCreateRequest, options: CallOptions = {}): Promise<Conversation> {
    return this.#transport.json({ method: 'POST', path: '/v1/conversations', body }, options)
  }

  /** One conversation. Wants a key with the scope sessions. */
  show(id: string, options: CallOptions = {}): Promise<Conversation> {
    return this.#transport.json({ method: 'GET', path: `/v1/conversations/${segment(id)}` }, options)
  }

  /** Says something else of a conversation. Wants a key with the scope sessions. */
  change(id: string, body: ConversationsChangeRequest, options: CallOptions = {}): Promise<Conversation> {
    return this.#transport.json({ method: 'POST', path: `/v1/conversations/${segment(id)}`, body }, options)
  }

  /** Deletes a conversation for good, with its runs and the files that they made. Wants a key with the scope sessions. */
  delete(id: string, options: CallOptions = {}): Promise<ConversationsDeleteAnswer> {
    return this.#transport.json({ method: 'DELETE', path: `/v1/conversations/${segment(id)}` }, options)
  }

  /** All of a conversation as a file that does nothing by being opened. Wants a key with the scope sessions. */
  export(id: string, query: ConversationsExportQuery, options: CallOptions = {}): Promise<Response> {
    return this.#transport.bytes({ method: 'GET', path: `/v1/conversations/${segment(id)}/export`, query }, options)
  }

  /** What was said, the last first where nothing else is asked. Wants a key with the scope sessions. */
  items(id: string, query: ConversationsItemsQuery = {}, options: CallOptions = {}): Promise<ConversationsItemsAnswer> {
    return this.#transport.json({ method: 'GET', path: `/v1/conversations/${segment(id)}/items`, query }, options)
  }

  /** Adds messages. Wants a key with the scope sessions. */
  add(id: string, body: ConversationsAddRequest, options: CallOptions = {}): Promise<ConversationsAddAnswer> {
    return this.#transport.json({ method: 'POST', path: `/v1/conversations/${segment(id)}/items`, body }, options)
  }

  /** Runs again, in order, what ran in a conversation, until one does not come to what it came to before. Wants a key with the scope sessions. */
  replay(id: string, body: ConversationsReplayRequest, options: CallOptions = {}): Promise<ConversationsReplayAnswer> {
    return this.#transport.json({ method: 'POST', path: `/v1/conversations/${segment(id)}/replay`, body }, options)
  }

  /** Takes an item out. Wants a key with the scope sessions. */
  remove(id: string, item: string, options: CallOptions = {}): Promise<Conversation> {
    return this.#transport.json({ method: 'DELETE', path: `/v1/conversations/${segment(id)}/items/${segment(item)}` }, options)
  }

  /** In which of the caller’s conversations something was said, newest first. Wants a key with the scope sessions. */
  search(body: ConversationsSearchRequest, options: CallOptions = {}): Promise<ConversationsSearchAnswer> {
    return this.#transport.json({ method: 'POST', path: '/v1/conversations/searches', body }, options)
  }
}
