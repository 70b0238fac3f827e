import type { CommandContext, ExitCode } from '../context.ts'
import type { DataOption } from '../data-options.ts'
import { blamingFiles, configForSql } from '../file-tables.ts'
import { writeVerdict } from '../output/verdict-writer.ts'
import { statementText } from './sql.ts'
import { waitFor } from '../wait-for.ts'

export interface SqlExplainOptions {
  readonly data: readonly string[]
  readonly dataOption: readonly DataOption[]
  readonly source?: string
  readonly output?: 'text' | 'json'
}

/** `sallyport sql explain`: what the gate resolved of a statement and what the planner expects; runs nothing. */
export async function sqlExplain(
  context: CommandContext,
  statement: string | undefined,
  options: SqlExplainOptions,
): Promise<ExitCode> {
  const config = await configForSql(context, options)
  const text = await statementText(context, statement)
  await using sallyport = await context.open(config, options.data.length > 0 ? { driver: null } : null)
  const source = options.source ?? null
  const explanation = await blamingFiles(options.data, () =>
    waitFor(context, 'asking the planner', (signal) => sallyport.explainSql(text, { source }, signal)),
  )
  return writeVerdict(context.terminal, explanation, options.output ?? 'text')
}
