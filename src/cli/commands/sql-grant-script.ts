import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainText } from '../output/plain-text.ts'
import { waitFor } from '../wait-for.ts'

export interface SqlGrantScriptOptions {
  readonly source?: string
  readonly role?: string
  readonly output?: 'text' | 'json'
}

/** `sallyport sql grant-script`: SQL for a superuser that makes the role a source is asked through. Changes nothing. */
export async function sqlGrantScript(context: CommandContext, options: SqlGrantScriptOptions): Promise<ExitCode> {
  const { config } = context.config()
  await using sallyport = await context.open(config)
  const request = { source: options.source ?? null, role: options.role ?? null }
  const { script, notes } = await waitFor(context, 'reading the schema', (signal) =>
    sallyport.grantScript(request, signal),
  )
  if (options.output === 'json') {
    context.terminal.out.writeJson({ script, notes })
    return exitCodes.ok
  }
  context.terminal.out.write(script)
  for (const note of notes) context.terminal.error.write(`${plainText(note)}\n`)
  return exitCodes.ok
}
