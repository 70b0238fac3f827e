import type { FilePage, Files } from '../core/stored-files.ts'

const filesAtOnce = 100

/** Deletes the files of a conversation, or those that a run made, for good. */
export async function deleteFilesOf(
  files: Pick<Files, 'list' | 'delete'>,
  principal: string,
  of: Required<Pick<FilePage, 'conversation'>> | Required<Pick<FilePage, 'run'>>,
): Promise<void> {
  for (;;) {
    const found = await files.list(principal, { most: filesAtOnce, order: 'asc', ...of })
    for (const { id } of found) await files.delete(principal, id)
    if (found.length < filesAtOnce) return
  }
}
