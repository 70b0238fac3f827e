import { bindMcpTool, type BoundMcpTool } from './bound-tool.ts'
import { createAsk } from './tools/ask.ts'
import { createCheckSql } from './tools/check-sql.ts'
import { createDescribeData } from './tools/describe-data.ts'
import { createListFiles, createPutFile, createReadFile } from './tools/files.ts'
import { createRunProgram } from './tools/run-program.ts'
import { createRunSql } from './tools/run-sql.ts'
import { createCloseSession, createOpenSession } from './tools/sessions.ts'
import type { McpUseCases } from './use-cases.ts'

export interface McpToolSettings {
  /** Said before every answer of the analyst, e.g. that the model is scripted; null for none. */
  readonly label: string | null
  /** Rows of a table that an answer of the analyst shows. */
  readonly tableRows: number
}

/** All tools there are, in the order in which they are listed; a caller sees those that are for it. */
export function createMcpTools(uses: McpUseCases, settings: McpToolSettings): readonly BoundMcpTool[] {
  return [
    bindMcpTool(createDescribeData(uses)),
    bindMcpTool(createRunSql(uses)),
    bindMcpTool(createCheckSql(uses)),
    bindMcpTool(createAsk(uses, settings)),
    bindMcpTool(createRunProgram('run_python', uses)),
    bindMcpTool(createRunProgram('run_javascript', uses)),
    bindMcpTool(createRunProgram('run_shell', uses)),
    bindMcpTool(createOpenSession(uses)),
    bindMcpTool(createCloseSession(uses)),
    bindMcpTool(createListFiles(uses)),
    bindMcpTool(createReadFile(uses)),
    bindMcpTool(createPutFile(uses)),
  ]
}
