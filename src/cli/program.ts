import type { Openers } from './openers.ts'
import { Command, CommanderError } from 'commander'
import { loadConfig } from '../config/load.ts'
import type { Variables } from '../config/environment.ts'
import { addAsk, addChat, addMcp, addOperations, addRun, type Act } from './command-line.ts'
import { addAudit, addKeys, addRuns, addSessions, addStorage } from './command-line-service.ts'
import { addSandboxes } from './command-line-sandboxes.ts'
import {
  addCompletion,
  addLimits,
  addOpenApi,
  addShares,
  addSuspensions,
  addWaf,
  addWeb,
} from './command-line-operators.ts'
import { addFilters } from './command-line-filters.ts'
import { addActions, addModels } from './command-line-models.ts'
import { addPii } from './command-line-pii.ts'
import { addApprovals, addPolicy } from './command-line-policy.ts'
import { addTuning } from './command-line-tuning.ts'
import { addSql } from './command-line-sql.ts'
import type { JsonValue } from '../core/json.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import type { Interrupts } from './interrupts.ts'
import { toServiceError } from '../core/errors.ts'
import { addOtherSpellings, withOption } from './other-spellings.ts'
import { assignment } from './option-values.ts'
import { errorJson, reportError } from './output/errors.ts'
import type { OnActivity } from '../core/activity.ts'
import type { Terminal } from './terminal.ts'

export interface ProgramOptions extends Openers {
  readonly version: string
  readonly terminal: Terminal
  readonly variables: Variables
  readonly workingDirectory: string
  readonly interrupts: Interrupts
  readonly onActivity: OnActivity
}

interface GlobalOptions {
  readonly config?: string
  readonly set: Readonly<Record<string, string>>
}

/** Runs one command line and resolves to its exit code; every fault is printed with what to do about it. */
export async function runProgram(words: readonly string[], options: ProgramOptions): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok
  const program = createProgram(options, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return exitCode
  } catch (thrown) {
    // Commander has printed its own: help and version end well, everything else is a wrong call.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    return reportError(thrown, options.terminal.error)
  }
}

/** Every command with its options; `finish` gets the exit code of the command that ran. */
export function createProgram(options: ProgramOptions, finish: (code: ExitCode) => void): Command {
  const { terminal, variables, workingDirectory } = options
  const program = new Command('sallyport')
  let called = program
  const act: Act = async (work) => {
    const { config: file, set } = globalOptions(called)
    const config: CommandContext['config'] = (overrides = {}, defaults = {}) =>
      loadConfig({
        variables,
        workingDirectory,
        defaults,
        flags: { ...set, ...overrides },
        ...(file === undefined ? {} : { file }),
      })
    try {
      finish(await work({ ...options, config }))
    } catch (thrown) {
      // Whoever reads a document gets one; what to do about it is on standard error, as ever.
      const document = faultDocument(thrown, called.opts<DocumentOptions>())
      if (document !== null) terminal.out.writeJson(document)
      throw thrown
    }
  }
  program
    .description('Answers questions about data with SQL and Python that a model writes and that nothing here trusts.')
    .version(options.version, '-V, --version')
    .exitOverride()
    .showHelpAfterError('(sallyport --help lists commands and options)')
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.error.write(text),
      outputError: (text, write) => write(withOption(text)),
    })
    .enablePositionalOptions()
    .hook('preAction', (_, actionCommand) => {
      called = actionCommand
      const early = strayOption(actionCommand)
      if (early !== null) program.error(`error: ${early}`)
    })
  addChat(program, act)
  addAsk(program, act)
  addRun(program, act)
  addSql(program, act)
  addPii(program, act)
  addFilters(program, act)
  addTuning(program, act)
  addModels(program, act)
  addActions(program, act)
  addPolicy(program, act)
  addApprovals(program, act)
  addMcp(program, act)
  addOperations(program, act)
  addSessions(program, act)
  addRuns(program, act)
  addAudit(program, act)
  addKeys(program, act)
  addStorage(program, act)
  addLimits(program, act)
  addSuspensions(program, act)
  addShares(program, act)
  addSandboxes(program, act)
  addWeb(program, act)
  addOpenApi(program, act)
  addWaf(program, act)
  addCompletion(program, act)
  addGlobalOptions(program)
  addOtherSpellings(program)
  return program
}

interface DocumentOptions {
  readonly output?: string
}

function faultDocument(thrown: unknown, { output }: DocumentOptions): JsonValue | null {
  if (output === 'json') return errorJson(toServiceError(thrown))
  return output === 'stream-json' ? { type: 'error', ...errorJson(toServiceError(thrown)) } : null
}

/** The options that every command takes, so that they may stand before and after its name. */
function addGlobalOptions(command: Command): void {
  command
    .option('--config <file>', 'configuration file, instead of ~/.config/sallyport/config.yaml')
    .option(
      '--set <key=value>',
      'set one value, like model.name=qwen3 or gateway.groups.default.tools=run_sql (repeatable)',
      assignment,
      {},
    )
  for (const child of command.commands) addGlobalOptions(child)
}

/** An option of a command around this one, which nothing would read; null where there is none. */
function strayOption(command: Command): string | null {
  for (let around = command.parent; around !== null; around = around.parent) {
    const stray = around.options.find(
      (option) =>
        !globalNames.has(option.attributeName()) && around?.getOptionValueSource(option.attributeName()) === 'cli',
    )
    if (stray === undefined) continue
    return `${stray.long} stands before "${command.name()}", which does not read it there; write it after "${command.name()}"`
  }
  return null
}

const globalNames: ReadonlySet<string> = new Set(['config', 'set'])

/** What the command and those around it were given; the innermost wins. */
function globalOptions(command: Command): GlobalOptions {
  const own = command.opts<GlobalOptions>()
  if (command.parent === null) return own
  const outer = globalOptions(command.parent)
  return { ...outer, ...own, set: { ...outer.set, ...own.set } }
}
