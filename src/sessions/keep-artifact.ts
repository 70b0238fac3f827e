import type { Run } from '../core/conversations.ts'
import type { AnswerArtifact } from '../core/events.ts'
import type { FileLimits, Files } from '../core/stored-files.ts'

interface KeepArtifactParts {
  readonly files: Pick<Files, 'keep'>
  readonly limits: FileLimits
  /** The run that made it. */
  readonly run: Pick<Run, 'id' | 'conversation' | 'principal'>
}

/**
 * Keeps what a run made as a file of its caller. Null where it is larger than a file may be, or the caller's files are as many as they may be: the answer
 * goes on without it. Rejects with `storage-unavailable` where the store is at fault.
 */
export async function keepArtifact(
  { name, mediaType, content, origins }: AnswerArtifact,
  { files, limits, run }: KeepArtifactParts,
): Promise<string | null> {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(content, 'base64')
  }
  const later = async () => ({ purpose: 'artifact', expires: null })
  const { id, conversation, principal } = run
  try {
    const known = origins === undefined ? {} : { origins }
    const file = { principal, name, mediaType, preview: null, ...known, later, run: id, conversation }
    const kept = await files.keep(file, bytes(), limits)
    return kept.id
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown }
    if (code === 'quota-exceeded' || code === 'payload-too-large') return null
    throw thrown
  }
}
