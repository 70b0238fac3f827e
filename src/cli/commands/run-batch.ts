import { z } from 'zod'
import { toServiceError } from '../../core/errors.ts'
import { programLanguages } from '../../core/languages.ts'
import type { JsonValue } from '../../core/json.ts'
import { forEachLimit, type RequestedLimits } from '../../core/requested-limits.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import type { ExpectedSandbox } from '../openers.ts'
import { exitCodes } from '../exit-codes.ts'
import { forEachConcurrently, readJsonLines } from '../json-lines.ts'
import { faultJson, rejectedJson, runAnswerJson } from '../output/cell-json.ts'
import type { Program, Sallyport } from '../../service/sallyport.ts'

const limitsLine = z.strictObject(forEachLimit(() => z.number().optional()))

/** One program of `run --jsonl`. Members it does not know are left alone. */
const programLine = z.object({
  id: z.union([z.string(), z.number()]),
  language: z.enum(programLanguages),
  code: z.string(),
  timeout_ms: z.int().positive().optional(),
  limits: limitsLine.optional(),
})

type ProgramLine = z.infer<typeof programLine>

export interface RunBatchOptions {
  readonly concurrency: number
  readonly driver: Program['driver']
  readonly validate: Program['validate']
  readonly timeoutMs: number | null
  /** The limits for a line that names none of its own. */
  readonly limits: RequestedLimits
}

/**
 * `sallyport run --jsonl`: programs from standard input, results as they come, each with its `id`. What a program does
 * is data and leaves the exit code alone; a line that does not hold a program makes it 2, a missing sandbox 5.
 */
export async function runBatch(context: CommandContext, options: RunBatchOptions): Promise<ExitCode> {
  const { config } = context.config()
  const { out, input } = context.terminal
  await using sallyport = await context.open(config, expectedSandbox(options))
  const codes = new Set<number>()
  const write = (value: JsonValue): void => out.writeJson(value)
  await context.interrupts.during(async (signal) => {
    const { concurrency } = options
    await forEachConcurrently(readJsonLines(input, programLine), { concurrency, signal }, async (line) => {
      if (line.kind === 'malformed') {
        codes.add(exitCodes.usage)
        write({ id: line.id, line: line.number, ...rejectedJson([], line.reason) })
        return
      }
      const { result, unavailable } = await runLine({ sallyport, options, signal }, line.value)
      if (unavailable) codes.add(exitCodes.sandbox)
      write({ id: line.value.id, ...result })
    })
    signal.throwIfAborted()
  })
  return Math.max(exitCodes.ok, ...codes)
}

/** Null where no line gets a sandbox like every other. */
function expectedSandbox({ driver, limits }: RunBatchOptions): ExpectedSandbox | null {
  return driver === 'isolate' || Object.keys(limits).length > 0 ? null : { driver }
}

interface Surroundings {
  readonly sallyport: Sallyport
  readonly options: RunBatchOptions
  readonly signal: AbortSignal
}

async function runLine(
  { sallyport, options, signal }: Surroundings,
  line: ProgramLine,
): Promise<{ result: { readonly [key: string]: JsonValue }; unavailable: boolean }> {
  const { language, code, timeout_ms: timeout, limits: own } = line
  const { driver, validate } = options
  const timeoutMilliseconds = timeout ?? options.timeoutMs
  try {
    const answer = await sallyport.runCode(
      {
        language,
        code,
        files: [],
        timeoutMilliseconds,
        limits: { ...options.limits, ...own },
        driver,
        bringsFiles: false,
        validate,
      },
      signal,
    )
    const unavailable = answer.kind === 'result' && answer.cell.outcome === 'unavailable'
    return { result: runAnswerJson(answer), unavailable }
  } catch (thrown) {
    const result = faultJson(toServiceError(thrown))
    return { result, unavailable: result['outcome'] === 'unavailable' }
  }
}
