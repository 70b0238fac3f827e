// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import { renamed, segment } from '../call.ts'
import type { CallOptions, Transport } from '../transport.ts'
import type { JsonValue } from './shared.ts'

export interface StoredFile {
  readonly id: string
  readonly object: 'file'
  readonly bytes: number
  readonly created_at: number
  readonly expires_at: number | null
  readonly filename: string
  readonly purpose: string
  readonly status: 'processed'
  readonly media_type: string
  /** What a table holds: rows, columns with their types and kinds of personal data, first rows. */
  readonly preview: JsonValue
  /** What it was made of: user and operator are trusted; model, tool, row, file and web are what others may have written; unknown is what nobody has followed. */
  readonly origins: readonly ('operator' | 'user' | 'model' | 'tool' | 'row' | 'file' | 'web' | 'unknown')[]
}

export interface FilesListAnswer {
  readonly object: 'list'
  readonly data: readonly StoredFile[]
  readonly first_id: string | null
  readonly last_id: string | null
  readonly has_more: boolean
}

export interface FilesCreateRequest {
  readonly purpose: 'user_data' | 'assistants' | 'vision' | 'batch' | 'fine-tune' | 'evals'
  readonly expires_after_anchor?: 'created_at' | undefined
  /** When it is deleted by itself. */
  readonly expires_after_seconds?: number | undefined
  readonly file: Blob
}

export interface FilesDeleteAnswer {
  readonly id: string
  readonly object: 'file'
  readonly deleted: true
}

export interface FilesLinkAnswer {
  readonly object: 'file.link'
  readonly id: string
  readonly url: string
}

export interface FilePreviewColumnsItem {
  readonly name: string
  readonly type: string
  /** Kinds of personal data that values of its first rows are of. */
  readonly pii: readonly string[]
}

export interface FilePreview {
  readonly id: string
  readonly object: 'file.preview'
  readonly filename: string
  /** Null where that is not known. */
  readonly rows: number | null
  readonly columns: readonly FilePreviewColumnsItem[]
  /** Screened as any output is: what the profile of the group hides is replaced. */
  readonly first_rows: readonly (readonly (string | null)[])[]
  /** How it was read, where another reader might read it otherwise. */
  readonly notes: readonly string[]
  /** Why there is no table; null where there is one. */
  readonly unreadable: string | null
}

export interface FilesListQuery {
  /** Of one page at most. */
  readonly limit?: number | undefined
  readonly order?: 'asc' | 'desc' | undefined
  /** The id of the last one of the page before. */
  readonly after?: string | undefined
  readonly purpose?: string | undefined
}

/** Of the operations `files.*`. */
export class Files {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** The caller’s files, newest first. Wants a key with the scope sessions. */
  list(query: FilesListQuery = {}, options: CallOptions = {}): Promise<FilesListAnswer> {
    return this.#transport.json({ method: 'GET', path: '/v1/files', query }, options)
  }

  /** Keeps a file that comes as multipart/form-data: one file and its purpose. Wants a key with the scope sessions. */
  create(body: FilesCreateRequest, options: CallOptions = {}): Promise<StoredFile> {
    return this.#transport.json({ method: 'POST', path: '/v1/files', form: renamed(body, { expires_after_anchor: 'expires_after[anchor]', expires_after_seconds: 'expires_after[seconds]' }) }, options)
  }

  /** One file. Wants a key with the scope sessions. */
  show(id: string, options: CallOptions = {}): Promise<StoredFile> {
    return this.#transport.json({ method: 'GET', path: `/v1/files/${segment(id)}` }, options)
  }

  /** Deletes a file for good. Wants a key with the scope sessions. */
  delete(id: string, options: CallOptions = {}): Promise<FilesDeleteAnswer> {
    return this.#transport.json({ method: 'DELETE', path: `/v1/files/${segment(id)}` }, options)
  }

  /** What a file holds. Wants a key with the scope sessions. */
  content(id: string, options: CallOptions = {}): Promise<Response> {
    return this.#transport.bytes({ method: 'GET', path: `/v1/files/${segment(id)}/content` }, options)
  }

  /** An address at which whoever has it may read the file for a short time. Wants a key with the scope sessions. */
  link(id: string, options: CallOptions = {}): Promise<FilesLinkAnswer> {
    return this.#transport.json({ method: 'POST', path: `/v1/files/${segment(id)}/link` }, options)
  }

  /** What a file holds as a table: its columns, kinds of personal data in them, and first rows. Wants a key with the scope sessions. */
  preview(id: string, options: CallOptions = {}): Promise<FilePreview> {
    return this.#transport.json({ method: 'GET', path: `/v1/files/${segment(id)}/preview` }, options)
  }
}
