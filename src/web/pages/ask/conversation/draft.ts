import type { StoredFile } from '../../../../client/generated/files.ts'

/** What a person is writing, and what it is about. It is in the memory of the page alone. */
export interface Draft {
  readonly words: string
  readonly files: readonly StoredFile[]
  /** The data source that was picked for it; null where the conversation's own is meant. */
  readonly source: string | null
}

export const emptyDraft: Draft = { words: '', files: [], source: null }

export const isEmptyDraft = ({ words, files }: Draft): boolean => words.trim() === '' && files.length === 0
