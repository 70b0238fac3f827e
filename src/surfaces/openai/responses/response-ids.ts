const digits = '[0-9a-f]{32}'

/** The id of a response, by that of its run; the same the other way below. */
export const responseIdOf = (run: string): string => `resp_${run.replace(/^run_/, '')}`

/**
 * The run that a response of the service's own model is. Null for an id of another form. Providers may give ids of this form, too: whose one is,
 * only the storage tells.
 */
export function runOfResponse(id: string): string | null {
  const found = new RegExp(`^resp_(${digits})$`).exec(id)
  return found === null ? null : `run_${found[1]}`
}

/** What stands in a response: a message, a program, another tool's call, a plan. */
export type ItemKind = 'msg' | 'ci' | 'mcp' | 'rs'

export const outputItemId = (kind: ItemKind, run: string, index: number): string =>
  `${kind}_${run.replace(/^run_/, '')}_${index}`

export const inputItemId = (run: string, index: number): string => `msg_${run.replace(/^run_/, '')}_in${index}`

/** Null for an id of another form. */
export function partsOfItemId(
  id: string,
): { readonly run: string; readonly index: number; readonly isInput: boolean } | null {
  const found = new RegExp(`^(?:msg|ci|mcp|rs)_(${digits})_(in)?(\\d{1,6})$`).exec(id)
  return found === null ? null : { run: `run_${found[1]}`, index: Number(found[3]), isInput: found[2] !== undefined }
}

/** The container of a conversation, where its programs ran and what they made, or the one of these digits. */
export const containerIdOf = (conversation: string): string => `cntr_${conversation.replace(/^(?:conv|run)_/, '')}`

/** The file of a container that a stored file is. */
export const containerFileIdOf = (fileId: string): string => `c${fileId}`

/** The other way, by either of its ids; null for an id of another form. */
export function fileIdOf(id: string): string | null {
  const found = new RegExp(`^c?file_(${digits})$`).exec(id)
  return found === null ? null : `file_${found[1]}`
}
