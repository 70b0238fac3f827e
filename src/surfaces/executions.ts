import type { AnswerArtifact } from '../core/events.ts'
import type { ExecutionAnswer, ExecutionReceived, ExecutionRequest } from '../core/execution.ts'
import type { Artifact } from '../core/result.ts'

/** Programs that callers bring; everything that comes back has passed the filters. */
export interface ExecutionService {
  run(received: ExecutionReceived, request: ExecutionRequest, signal: AbortSignal): Promise<ExecutionAnswer>
}

/** Files of sessions, as they may leave. Rejects with `not-found` for a session that is not the caller's. */
export interface SessionFiles {
  putFile(
    received: ExecutionReceived,
    path: string,
    content: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<Artifact>
  listFiles(received: ExecutionReceived, signal: AbortSignal): Promise<readonly Artifact[]>
  readFile(received: ExecutionReceived, path: string, signal: AbortSignal): Promise<AnswerArtifact>
  deleteFile(received: ExecutionReceived, path: string, signal: AbortSignal): Promise<void>
}
