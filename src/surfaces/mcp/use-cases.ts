import type { AnswerArtifact } from '../../core/events.ts'
import type { ExecutionReceived } from '../../core/execution.ts'
import type { Artifact } from '../../core/result.ts'
import type { SourceDescription } from '../../core/statement.ts'
import type { Answerer } from '../../gateway/pipeline.ts'
import type { StatementReceived } from '../../gateway/statements.ts'
import type { ExecutionService } from '../native/execute.ts'
import type { SessionService } from '../native/sessions.ts'
import type { StatementService } from '../native/sql.ts'

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
}

/** What tools do, by the use cases that every other interface has, too. Whatever these hand out has passed the filters. */
export interface McpUseCases {
  readonly statements: StatementService
  /** What the caller's group may see of a data source. */
  readonly describe: (received: StatementReceived, signal: AbortSignal) => Promise<SourceDescription>
  readonly answer: Answerer
  readonly sessions: SessionService
  readonly executions: ExecutionService
  readonly files: SessionFiles
}
