import type { ToolName } from '../../core/grant.ts'
import type { Provenance } from '../../core/provenance.ts'

/** What the result of each tool of ours brings: of a database what describes it is its operator's, and only its rows are anybody's. */
export const originOfTool: Readonly<Record<ToolName, Provenance>> = {
  describe_data: 'operator',
  run_sql: 'row',
  run_python: 'tool',
  run_javascript: 'tool',
  run_shell: 'tool',
  extract_values: 'file',
}
