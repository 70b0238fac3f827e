import { z } from 'zod'
import { errorTable } from '../../core/error-table.ts'
import { ServiceError, toServiceError } from '../../core/errors.ts'
import type { ContentTools } from '../../service/content-tools.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { forEachConcurrently, readJsonLines } from '../json-lines.ts'
import { contentJson, contentText, isWithheld } from '../output/content-report.ts'
import { errorJson } from '../output/errors.ts'
import { readWholeText } from '../text-input.ts'
import { waitFor } from '../wait-for.ts'

export interface FiltersCheckOptions {
  readonly profile: string
  readonly direction: 'inbound' | 'outbound'
  readonly jsonl?: boolean
  readonly concurrency: number
  readonly showValues?: boolean
  readonly output?: 'text' | 'json'
}

const textLine = z.strictObject({
  id: z.union([z.string(), z.number()]),
  text: z.string(),
  direction: z.enum(['inbound', 'outbound']).optional(),
})

const provenanceOf = { inbound: 'user', outbound: 'model' } as const

/** `sallyport filters check`: 3 where a text would not go on, 1 where it would not since a detector did not answer. */
export async function filtersCheck(
  context: CommandContext,
  files: readonly string[],
  options: FiltersCheckOptions,
): Promise<ExitCode> {
  const tools = await context.openContentTools(context.config().config)
  if (options.jsonl === true) return checkLines(context, tools, options)
  const { profile, direction, showValues = false, output } = options
  if (files.filter((file) => file === '-').length > 1) {
    throw new ServiceError('invalid-request', 'Standard input can be read once.', { advice: 'Write "-" once.' })
  }
  const named = files.length === 0 ? ['-'] : files
  const texts: string[] = []
  for (const file of named) texts.push(await readWholeText(context, files.length === 0 ? undefined : file))
  const parts = texts.map((text) => ({ text, provenance: provenanceOf[direction] }))
  const verdict = await waitFor(context, 'looking at the text', (signal) =>
    tools.check(parts, { profile, direction }, signal),
  )
  const { out } = context.terminal
  const shown = { texts, names: named, showValues }
  if (output === 'json') out.writeJson(contentJson(verdict, shown))
  else out.write(contentText(verdict, { ...shown, width: out.width }))
  if (!isWithheld(verdict.action)) return exitCodes.ok
  return verdict.failures.some(({ onFailure }) => onFailure === 'closed') ? exitCodes.failure : exitCodes.refused
}

/** A line that could not be looked at has an error in its place; the others go on. */
async function checkLines(
  context: CommandContext,
  tools: ContentTools,
  { profile, direction: usual, concurrency, showValues = false }: FiltersCheckOptions,
): Promise<ExitCode> {
  const { terminal } = context
  let exitCode: ExitCode = exitCodes.ok
  await waitFor(context, 'looking at texts', async (signal) => {
    await forEachConcurrently(readJsonLines(terminal.input, textLine), { concurrency, signal }, async (line) => {
      if (line.kind === 'malformed') {
        exitCode ||= exitCodes.usage
        const error = new ServiceError('invalid-request', line.reason)
        terminal.out.writeJson({ id: line.id, ...errorJson(error) })
        return
      }
      const { id, text, direction = usual } = line.value
      try {
        const parts = [{ text, provenance: provenanceOf[direction] }]
        const verdict = await tools.check(parts, { profile, direction }, signal)
        terminal.out.writeJson({ id, ...contentJson(verdict, { texts: [text], names: null, showValues }) })
      } catch (thrown) {
        signal.throwIfAborted()
        const error = toServiceError(thrown)
        exitCode ||= errorTable[error.code].exitCode
        terminal.out.writeJson({ id, ...errorJson(error) })
      }
    })
  })
  return exitCode
}
