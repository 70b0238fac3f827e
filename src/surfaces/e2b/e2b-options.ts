import type { AnswerArtifact } from '../../core/events.ts'
import type { ExecutionAnswer, ExecutionReceived, ExecutionRequest } from '../../core/execution.ts'
import type { Artifact } from '../../core/result.ts'
import type { OnFault } from '../../http/errors.ts'
import type { KnownSandboxes } from './known-sandboxes.ts'
import type { CountGuess } from './require-sandbox.ts'
import type { SandboxService } from './sandbox-service.ts'

/** Programs and files of sessions; everything that comes back has passed the filters. */
export interface ProgramService {
  run(received: ExecutionReceived, asked: ExecutionRequest, signal: AbortSignal): Promise<ExecutionAnswer>
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

export interface E2bOptions {
  readonly programs: ProgramService
  readonly sandboxes: SandboxService
  readonly known: KnownSandboxes
  readonly countGuess: CountGuess
  readonly onFault: OnFault
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
  readonly bodyLimitBytes: number
}
