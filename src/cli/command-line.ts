import { Option, type Command } from 'commander'
import { sandboxDrivers } from '../core/drivers.ts'
import { closest } from '../text/closest.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { dataOption } from './data-options.ts'
import { amount, approveChoices, collect, limitAssignment, positiveInteger } from './option-values.ts'
import { keyFileOption } from './server-options.ts'
import { outputFormats } from '../config/cli-options.ts'
import { sourceLanguages } from './programs.ts'

/** Does a command's work and keeps its exit code. */
export type Act = (work: (context: CommandContext) => Promise<ExitCode> | ExitCode) => Promise<void>

const dataFileOption = () =>
  new Option('--data <file>', 'a local file for the code to work on (repeatable)')
    .argParser(collect)
    .default([], 'none')
export const readingOption = () =>
  new Option('--data-option <[file:]name=value>', 'how files of --data are read, like encoding=gbk (repeatable)')
    .argParser(dataOption)
    .default([], 'none')
const saveOption = () =>
  new Option('--save-dir, --output-dir <folder>', 'where charts and files are saved (default: ./sallyport-output)')
const costOption = () =>
  new Option(
    '--max-cost <amount>',
    'the most an answer may cost, as model.price counts; it ends before a step that could cost more',
  ).argParser(amount)
const approveOption = () =>
  new Option(
    '--approve <calls>',
    'calls that you are asked to allow, where rules ask for nobody, too: on-write (programs, which can write files), always; never asks you nothing, and what a rule wants asked waits for somebody else',
  ).choices(approveChoices)
export const sourceOption = () => new Option('--source <name>', 'data source to query')
/** The `--output` option of a command that has one text for people and one document for programs. */
export const textOrJson = () => new Option('--output <format>', 'how it is written').choices(['text', 'json'])
const chatServerOption = () =>
  new Option(
    '--server <url>',
    'a running service that answers and keeps what is said (default: the parts of this machine)',
  )
const formatOption = () => new Option('--output <format>', 'how the answer is written').choices(outputFormats)

/** The options of a conversation, however it is begun. */
export function chatOptions(command: Command): Command {
  return command
    .addOption(dataFileOption())
    .addOption(readingOption())
    .addOption(saveOption())
    .addOption(sourceOption())
    .addOption(costOption())
    .addOption(approveOption())
    .addOption(chatServerOption())
    .addOption(keyFileOption())
}

export function addChat(program: Command, act: Act): void {
  chatOptions(
    program
      .command('chat')
      .description('a conversation at a terminal, which is what "sallyport" alone begins, too')
      .option('-c, --continue', 'go on with the conversation that was used last')
      .option('--resume <id>', 'go on with this one; "sessions list" has them'),
  ).action(async (options) => {
    const { chat } = await import('./commands/chat.ts')
    return act((context) => chat(context, options))
  })
  program
    .argument('[words...]')
    .usage('[options] [command]')
    .option('-p, --print', 'answer the question given and leave, like "ask"')
    .option('-c, --continue', 'go on with the conversation that was used last')
    .option('--resume <id>', 'go on with this one; "sessions list" has them')
    .addOption(dataFileOption())
    .addOption(readingOption())
    .addOption(formatOption())
    .addOption(saveOption())
    .addOption(sourceOption())
    .addOption(costOption())
    .addOption(approveOption())
    .addOption(chatServerOption())
    .addOption(keyFileOption())
    .option('-q, --quiet', 'no steps on standard error')
    .action(async (words: readonly string[], options) => {
      if (options.print === true) {
        const ofChat = (['server', 'keyFile', 'continue', 'resume'] as const).find(
          (name) => options[name] !== undefined,
        )
        if (ofChat !== undefined)
          program.error('error: --server, --key-file, --continue and --resume are for a conversation')
        const { ask } = await import('./commands/ask.ts')
        return act((context) => ask(context, words, options))
      }
      const [first] = words
      if (first !== undefined) {
        const near = closest(
          first,
          // Leaves out the hidden commands, which only refuse an old name.
          program
            .createHelp()
            .visibleCommands(program)
            .map((command) => command.name()),
        )
        const hint = near === null ? 'to ask something: sallyport ask "…"' : `did you mean "${near}"?`
        program.error(`error: unknown command '${first}'; ${hint}`)
      }
      const { chat } = await import('./commands/chat.ts')
      return act((context) => chat(context, options))
    })
}

export function addAsk(program: Command, act: Act): void {
  program
    .command('ask [question...]')
    .description('answer one question; what is piped in becomes a data file')
    .addOption(dataFileOption())
    .addOption(readingOption())
    .addOption(formatOption())
    .addOption(saveOption())
    .addOption(sourceOption())
    .addOption(costOption())
    .addOption(approveOption())
    .option('-q, --quiet', 'no steps on standard error')
    .option('-p, --print', 'answer and leave; what ask does anyway')
    .action(async (words: readonly string[], options) => {
      const { ask } = await import('./commands/ask.ts')
      return act((context) => ask(context, words, options))
    })
  addDemo(program, act)
}

interface DemoWords {
  readonly outputDir?: string
  readonly upstream?: true
  readonly web?: boolean
  readonly questions?: number
  readonly requests?: number
  readonly rate?: number
  readonly seed?: number
  readonly output?: 'text' | 'json'
}

function addDemo(program: Command, act: Act): void {
  const upstreamOnly = '(with --upstream)'
  program
    .command('demo')
    .description('show the whole path on the sample shop, with scripted questions')
    .addOption(saveOption())
    .option('--questions <number>', 'how many questions (default: 3)', positiveInteger)
    .option('--web', 'serve the app for browsers over the sample shop instead, until Ctrl-C; nothing of it is kept')
    .option('--upstream', 'throw an incident at a naive classifier instead, without and with Sallyport in front')
    .option('--requests <number>', `how many requests; default 3,000 ${upstreamOnly}`, positiveInteger)
    .option('--rate <number>', `requests a second; default 150 ${upstreamOnly}`, positiveInteger)
    .option('--seed <number>', `another one is another incident; default 1 ${upstreamOnly}`, positiveInteger)
    .addOption(textOrJson())
    .action(async ({ upstream, web, questions, requests, rate, seed, ...options }: DemoWords) => {
      if (web === true && (upstream === true || questions !== undefined)) {
        program.error('error: --web is for the demo without --upstream and --questions')
      }
      const misplaced = upstream === true ? { questions } : { requests, rate, seed }
      const [name] = Object.entries(misplaced).flatMap(([word, value]) => (value === undefined ? [] : [word]))
      if (name !== undefined) {
        program.error(`error: --${name} is for the demo ${upstream === true ? 'without' : 'with'} --upstream`)
      }
      if (upstream === true) {
        const { demoUpstream } = await import('./commands/demo-upstream.ts')
        const sized = { requests: requests ?? 3_000, rate: rate ?? 150, seed: seed ?? 1 }
        return act((context) => demoUpstream(context, { ...options, ...sized }))
      }
      if (web === true) {
        const { demoWeb } = await import('./commands/demo-web.ts')
        return act((context) => demoWeb(context, options))
      }
      const { demo } = await import('./commands/demo.ts')
      return act((context) => demo(context, { ...options, questions: questions ?? 3 }))
    })
}

export function addRun(program: Command, act: Act): void {
  const batchOnly = '(with --jsonl)'
  program
    .command('run [file...]')
    .description('run programs, each in a sandbox of its own')
    .addOption(new Option('--language <name>', 'instead of the language that the ending says').choices(sourceLanguages))
    .addOption(new Option('--output <format>', 'one JSON object per program, or text').choices(['text', 'json']))
    .option('--jsonl', 'read programs from standard input: {"id","language","code","timeout_ms"?,"limits"?} per line')
    .option('--concurrency <number>', `programs at a time ${batchOnly}`, positiveInteger, 2)
    .option('--timeout-ms <number>', 'wall time of each program in milliseconds', positiveInteger)
    .option('--limit <name=value>', 'ask for a limit, like memory_mb=512 (repeatable)', limitAssignment, {})
    .addOption(
      new Option('--validate <profile>', 'checks before a program runs, instead of the configured ones').choices([
        'standard',
        'strict',
        'parse-only',
      ]),
    )
    .addOption(new Option('--driver <name>', 'kind of sandbox').choices(sandboxDrivers))
    .addOption(dataFileOption())
    .addOption(saveOption())
    .addOption(sourceOption())
    .action(async (files: readonly string[], options) => {
      if (options.jsonl === true) {
        if (files.length > 0) program.error('error: --jsonl reads programs from standard input; leave out the files')
        const { runBatch } = await import('./commands/run-batch.ts')
        const { concurrency, limit: limits } = options
        const [driver, timeoutMs] = [options.driver ?? null, options.timeoutMs ?? null]
        const validate = options.validate ?? null
        return act((context) => runBatch(context, { concurrency, validate, driver, timeoutMs, limits }))
      }
      if (files.length === 0) program.error("error: missing required argument 'file'")
      const { run } = await import('./commands/run.ts')
      return act((context) => run(context, files, options))
    })
}

interface ServeWords {
  readonly port?: string
  readonly host?: string
  readonly output?: 'text' | 'json'
  readonly role: readonly string[]
}

export function addMcp(program: Command, act: Act): void {
  program
    .command('mcp')
    .description('serve tools over MCP on standard input and output, to a host that starts this program')
    .option('--server <url>', 'a running service whose tools they are (default: those of this machine)')
    .addOption(keyFileOption())
    .action(async (options) => {
      const { mcp } = await import('./commands/mcp.ts')
      return act((context) => mcp(context, options))
    })
}

export function addOperations(program: Command, act: Act): void {
  program
    .command('serve')
    .description('serve the OpenAI protocol over HTTP')
    .option('--port <number>', 'port to listen on')
    .option('--host <address>', 'address to listen on')
    .addOption(
      new Option(
        '--role <name>',
        'filters: checks of content alone; ext-authz or ext-proc: a filter of Envoy that is served as well (repeatable)',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option('--output <format>', 'how the address and the first key are written').choices(['text', 'json']),
    )
    .action(async ({ host, port, output, role }: ServeWords) => {
      const isOfFilters = role.includes('filters')
      if (isOfFilters && role.some((name) => name !== 'filters')) {
        program.error('error: a process of --role filters serves nothing else; start another one for the other roles')
      }
      const given = {
        ...(host === undefined ? {} : { 'http.host': host }),
        ...(port === undefined ? {} : { 'http.port': port }),
        ...(role.length === 0 || isOfFilters ? {} : { 'envoy.roles': role.join(',') }),
      }
      if (isOfFilters) {
        const { serveFilters } = await import('./commands/serve-filters.ts')
        return act((context) => serveFilters(context, given, { output }))
      }
      const { serve } = await import('./commands/serve.ts')
      return act((context) => serve(context, given, { output }))
    })
  program
    .command('doctor')
    .description('prove each part: Node, Docker, gVisor, image, limits, disk, port, model, database')
    .option('--fix', 'run the set-up first')
    .addOption(textOrJson())
    .action(async (options) => {
      const { doctor } = await import('./commands/doctor.ts')
      return act((context) => doctor(context, options))
    })
  const config = program.command('config').description('the configuration in force')
  config
    .command('check')
    .description('say whether the configuration is valid')
    .option('--sources', 'ask each data source: its role, and whether the names in its policies exist')
    .addOption(textOrJson())
    .action(async (options) => {
      const { configCheck } = await import('./commands/config.ts')
      return act((context) => configCheck(context, options))
    })
  config
    .command('show')
    .description('show every setting')
    .option('--origin', 'with --output json: say where each came from, as the text always does')
    .addOption(textOrJson())
    .action(async (options) => {
      const { configShow } = await import('./commands/config.ts')
      return act((context) => configShow(context, options))
    })
}
