import { Option, type Command } from 'commander'
import { closest } from '../text/closest.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { dataOption } from './data-options.ts'
import { collect, hash, limitAssignment, positiveInteger } from './option-values.ts'
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
export const sourceOption = () => new Option('--source <name>', 'data source to query')
const formatOption = () => new Option('--output <format>', 'how the answer is written').choices(outputFormats)

export function addChat(program: Command, act: Act): void {
  program
    .argument('[words...]')
    .usage('[options] [command]')
    .option('-p, --print', 'answer the question given and leave, like "ask"')
    .addOption(dataFileOption())
    .addOption(readingOption())
    .addOption(formatOption())
    .addOption(saveOption())
    .addOption(sourceOption())
    .option('-q, --quiet', 'no steps on standard error')
    .action(async (words: readonly string[], options) => {
      if (options.print === true) {
        const { ask } = await import('./commands/ask.ts')
        return act((context) => ask(context, words, options))
      }
      const [first] = words
      if (first !== undefined) {
        const near = closest(
          first,
          program.commands.map((command) => command.name()),
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
    .option('-q, --quiet', 'no steps on standard error')
    .option('-p, --print', 'answer and leave; what ask does anyway')
    .action(async (words: readonly string[], options) => {
      const { ask } = await import('./commands/ask.ts')
      return act((context) => ask(context, words, options))
    })
  program
    .command('demo')
    .description('show the whole path on the sample shop, with scripted questions')
    .addOption(saveOption())
    .option('--questions <number>', 'how many questions', positiveInteger, 3)
    .action(async (options) => {
      const { demo } = await import('./commands/demo.ts')
      return act((context) => demo(context, options))
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
    .addOption(new Option('--driver <name>', 'kind of sandbox').choices(['docker', 'runsc', 'isolate']))
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

export function addOperations(program: Command, act: Act): void {
  program
    .command('serve')
    .description('serve the OpenAI protocol over HTTP')
    .option('--port <number>', 'port to listen on')
    .option('--host <address>', 'address to listen on')
    .action(async (options: { readonly port?: string; readonly host?: string }) => {
      const { serve } = await import('./commands/serve.ts')
      const { host, port } = options
      const given = {
        ...(host === undefined ? {} : { 'http.host': host }),
        ...(port === undefined ? {} : { 'http.port': port }),
      }
      return act((context) => serve(context, given))
    })
  program
    .command('doctor')
    .description('prove each part: Node, Docker, gVisor, image, limits, disk, port, model, database')
    .option('--fix', 'run the set-up first')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { doctor } = await import('./commands/doctor.ts')
      return act((context) => doctor(context, options))
    })
  addSessions(program, act)
  const config = program.command('config').description('the configuration in force')
  config
    .command('check')
    .description('say whether the configuration is valid')
    .option('--sources', 'ask each data source: its role, and whether the names in its policies exist')
    .action(async (options: { readonly sources?: boolean }) => {
      const { configCheck } = await import('./commands/config.ts')
      return act((context) => configCheck(context, options))
    })
  config
    .command('show')
    .description('show every setting')
    .option('--origin', 'with --json: say where each came from, as the text always does')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { configShow } = await import('./commands/config.ts')
      return act((context) => configShow(context, options))
    })
}

function addSessions(program: Command, act: Act): void {
  const sessions = program.command('sessions').description("a running service's sessions, those of the key's owner")
  const addressed = (command: Command) =>
    command
      .option('--url <address>', 'where the service is (default: http.base_url, else http.host and http.port)')
      .option('--key-file <file>', 'file with the key (default: the variable SALLYPORT_KEY)')
      .addOption(new Option('--output <format>', 'how the answer is written').choices(['text', 'json']))
  addressed(sessions.command('list').description('list the open sessions, oldest first')).action(async (options) => {
    const { sessionsList } = await import('./commands/sessions.ts')
    return act((context) => sessionsList(context, options))
  })
  addressed(sessions.command('close <id>').description('close one; what runs in it is cancelled')).action(
    async (id: string, options) => {
      const { sessionsClose } = await import('./commands/sessions.ts')
      return act((context) => sessionsClose(context, id, options))
    },
  )
}

export function addAudit(program: Command, act: Act): void {
  const audit = program.command('audit').description('the trail of what was asked, ran and was refused')
  audit
    .command('check [file]')
    .description("say whether the trail's chain is whole; without a file, the configured trail")
    .addOption(new Option('--expect <hash>', 'a last hash noted earlier, which must be there still').argParser(hash))
    .option('--json', 'as JSON')
    .action(async (file: string | undefined, options) => {
      const { auditCheck } = await import('./commands/audit.ts')
      return act((context) => auditCheck(context, file, options))
    })
}

export function addKeys(program: Command, act: Act): void {
  const key = program.command('key').description('the API keys of the service, each of one group')
  key
    .command('create <name>')
    .description('make a key and print it, this once')
    .option('--group <name>', 'the group whose policy counts for it', 'default')
    .option('--json', 'as JSON')
    .action(async (name: string, options) => {
      const { keyCreate } = await import('./commands/key.ts')
      return act((context) => keyCreate(context, name, options))
    })
  key
    .command('list')
    .description('list the keys by their ids; none is shown')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { keyList } = await import('./commands/key.ts')
      return act((context) => keyList(context, options))
    })
  key
    .command('revoke <id>')
    .description('end a key; the next request with it is refused')
    .action(async (id: string) => {
      const { keyRevoke } = await import('./commands/key.ts')
      return act((context) => keyRevoke(context, id))
    })
}
