import type { SourceDescription } from '../../core/statement.ts'
import type { Answerer } from '../../gateway/pipeline.ts'
import type { StatementReceived } from '../../gateway/statements.ts'
import type { ExecutionService, SessionFiles } from '../executions.ts'
import type { SessionService } from '../native/sessions.ts'
import type { StatementService } from '../native/sql.ts'

/** What tools do, by the use cases that every other interface has, too. Whatever these hand out has passed the filters. */
export interface McpUseCases {
  readonly statements: StatementService
  /** What the caller's group may see of a data source. */
  readonly describe: (received: StatementReceived, signal: AbortSignal) => Promise<SourceDescription>
  readonly answer: Answerer
  readonly sessions: SessionService
  readonly executions: ExecutionService
  readonly files: Omit<SessionFiles, 'deleteFile'>
}
