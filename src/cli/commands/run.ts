import { resolve } from 'node:path'
import { toServiceError } from '../../core/errors.ts'
import type { RequestedLimits } from '../../core/requested-limits.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { dataLimits, openDataFiles } from '../data-files.ts'
import type { ExpectedSandbox } from '../openers.ts'
import { exitCodes, outcomeExit } from '../exit-codes.ts'
import { errorJson, reportError } from '../output/errors.ts'
import { faultJson, runAnswerJson } from '../output/cell-json.ts'
import { saveFiles, savedJson, writeFindings, writeRun } from '../output/run-writer.ts'
import { readProgram, type SourceLanguage } from '../programs.ts'
import type { Program, RunAnswer, Sallyport } from '../../service/sallyport.ts'
import { writeSqlAnswer } from './sql.ts'
import { waitFor } from '../wait-for.ts'

export interface RunOptions {
  readonly language?: SourceLanguage
  readonly output?: 'text' | 'json'
  readonly data: readonly string[]
  readonly driver?: NonNullable<Program['driver']>
  readonly validate?: NonNullable<Program['validate']>
  readonly timeoutMs?: number
  readonly limit: RequestedLimits
  readonly outputDir?: string
  readonly source?: string
}

/** `sallyport run FILE…`: each program in a sandbox of its own, one after the other. Exit code of the first that failed. */
export async function run(context: CommandContext, paths: readonly string[], options: RunOptions): Promise<ExitCode> {
  const { config } = context.config()
  const files = await openDataFiles(options.data, dataLimits(config, options.limit))
  // Every file is looked at before the first runs: a wrong name at the end must not cost the work before it.
  const programs = await Promise.all(
    paths.map(async (path) => ({ path, ...(await readProgram(path, options.language ?? null)) })),
  )
  const [first] = programs
  await using sallyport = await context.open(config, first === undefined ? null : expectedSandbox(first, options))
  const codes: number[] = []
  for (const { path, language, code } of programs) {
    if (programs.length > 1 && options.output !== 'json') context.terminal.error.write(`── ${path}\n`)
    if (language === 'sql') {
      codes.push(await runStatement({ context, sallyport, options, tableRows: config.cli.table_rows }, code))
      continue
    }
    const program: Program = {
      language,
      code,
      files,
      timeoutMilliseconds: options.timeoutMs ?? null,
      limits: options.limit,
      driver: options.driver ?? null,
      bringsFiles: true,
      validate: options.validate ?? null,
    }
    codes.push(
      await runProgram({ context, sallyport, options, saveDirectory: config.cli.save_directory }, path, program),
    )
  }
  return codes.find((code) => code !== exitCodes.ok) ?? exitCodes.ok
}

/** The sandbox that a program will run in; null where it is another than every other's, by its limits or its language. */
function expectedSandbox(
  { language }: { readonly language: SourceLanguage },
  { limit, driver }: RunOptions,
): ExpectedSandbox | null {
  return language === 'sql' || driver === 'isolate' || Object.keys(limit).length > 0 ? null : { driver: driver ?? null }
}

interface Surroundings {
  readonly context: CommandContext
  readonly sallyport: Sallyport
  readonly options: RunOptions
}

async function runProgram(
  { context, sallyport, options, saveDirectory }: Surroundings & { readonly saveDirectory: string },
  path: string,
  program: Program,
): Promise<number> {
  const { terminal, workingDirectory } = context
  let answer: RunAnswer
  try {
    answer = await waitFor(context, `running ${path}`, (signal) => sallyport.runCode(program, signal))
  } catch (thrown) {
    if (options.output === 'json') {
      terminal.out.writeJson({ file: path, ...faultJson(toServiceError(thrown)) })
    }
    return reportError(thrown, terminal.error)
  }
  try {
    const folders = { folder: resolve(workingDirectory, options.outputDir ?? saveDirectory), workingDirectory }
    if (options.output === 'json') {
      const { files, missing } = answer.kind === 'result' ? answer : { files: [], missing: [] }
      const saved = savedJson(await saveFiles(files, folders))
      terminal.out.writeJson({ file: path, ...runAnswerJson(answer), saved_files: saved, missing_files: missing })
    } else if (answer.kind === 'refused') writeFindings(terminal, path, answer.findings)
    else await writeRun(terminal, answer, folders)
  } catch (thrown) {
    return reportError(thrown, terminal.error)
  }
  return answer.kind === 'refused' ? exitCodes.refused : outcomeExit[answer.cell.outcome]
}

async function runStatement(
  { context, sallyport, options, tableRows }: Surroundings & { readonly tableRows: number },
  statement: string,
): Promise<number> {
  const source = options.source ?? null
  try {
    const answer = await waitFor(context, `asking ${source ?? 'the database'}`, (signal) =>
      sallyport.runSql(statement, { source }, signal),
    )
    return writeSqlAnswer(context.terminal, answer, { format: options.output === 'json' ? 'json' : 'table', tableRows })
  } catch (thrown) {
    if (options.output === 'json') {
      context.terminal.out.writeJson(errorJson(toServiceError(thrown)))
    }
    return reportError(thrown, context.terminal.error)
  }
}
