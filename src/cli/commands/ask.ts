import { extname } from 'node:path'
import { ServiceError } from '../../core/errors.ts'
import { formatOfEnding } from '../../core/table-format.ts'
import { askingOf } from '../approve.ts'
import type { Approve } from '../option-values.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import type { DataOption } from '../data-options.ts'
import { type DataFile, dataLimits, type DataLimits, openDataFiles, refuseTogether } from '../data-files.ts'
import type { OutputFormat } from '../../config/cli-options.ts'
import { readText, SpooledInput } from '../standard-input.ts'
import type { Person } from '../approval-question.ts'
import { createPerson } from '../question-prompt.ts'
import { answerQuestion } from './answering.ts'

export interface AskOptions {
  readonly data: readonly string[]
  readonly dataOption: readonly DataOption[]
  readonly output?: OutputFormat
  readonly outputDir?: string
  readonly source?: string
  /** In millionths of the currency of prices. */
  readonly maxCost?: number
  readonly quiet?: boolean
  readonly approve?: Approve
}

/** How long a pipe that says nothing is listened to, before the question goes on without it. */
const patienceMilliseconds = 2000

/** Longest question read from standard input, in bytes. */
const maximumQuestionBytes = 100_000

/** `sallyport ask "…"`: one question, one answer. */
export async function ask(context: CommandContext, words: readonly string[], options: AskOptions): Promise<ExitCode> {
  const { config } = context.config()
  const format = options.output ?? config.cli.output
  const asking = askingOf(options.approve, personAt(context, format))
  const wantsInput = options.data.includes('-')
  const given = words.join(' ').trim()
  const question = given === '' ? await questionFromInput(context, wantsInput) : given
  await using resources = new AsyncDisposableStack()
  const limits = dataLimits(config)
  const named = options.data.filter((path) => path !== '-')
  const files = [...(await openDataFiles(named, limits, options.dataOption))]
  if (given !== '') {
    const piped = await inputAsFile(context, { wantsInput, limits, resources, options: options.dataOption })
    if (piped !== null) files.push(piped)
    refuseTogether(files, limits)
  }
  for (const { warning, name } of files) {
    // What a table is read as is said when it was read.
    if (warning !== null && !isTable(name)) context.terminal.error.write(`${warning}\n`)
  }
  const sallyport = resources.use(await context.open(config))
  const answered = await answerQuestion(
    { context, sallyport, config },
    {
      messages: [{ role: 'user', content: question }],
      files,
      dataSource: options.source ?? null,
      sessionId: null,
      ...(options.maxCost === undefined ? {} : { maximumCost: options.maxCost }),
      approved: asking.calls,
    },
    {
      format,
      quiet: options.quiet ?? false,
      saveDirectory: options.outputDir ?? config.cli.save_directory,
      person: asking.person,
    },
  )
  return answered.exitCode
}

/** Whoever reads JSON is a program, and is told what waits; so is whoever has no terminal to type into. */
function personAt(context: CommandContext, output: OutputFormat): Person | null {
  const { inputIsTerminal, error } = context.terminal
  const isForPeople = output !== 'json' && output !== 'stream-json'
  return inputIsTerminal && error.isTerminal && isForPeople ? createPerson(context) : null
}

function isTable(name: string): boolean {
  return formatOfEnding(extname(name)) !== null && extname(name).toLowerCase() !== '.txt'
}

async function questionFromInput({ terminal }: CommandContext, inputIsData: boolean): Promise<string> {
  const text =
    terminal.inputIsPiped && !inputIsData ? (await readText(terminal.input, maximumQuestionBytes)).trim() : ''
  if (text !== '') return text
  throw new ServiceError('invalid-request', 'there is no question', {
    advice: 'Write it after the command: sallyport ask "Which products sold best?"',
  })
}

interface PipedOptions {
  readonly wantsInput: boolean
  readonly limits: DataLimits
  readonly resources: AsyncDisposableStack
  readonly options: readonly DataOption[]
}

/** What was piped in beside a question, as a data file. */
async function inputAsFile({ terminal }: CommandContext, options: PipedOptions): Promise<DataFile | null> {
  const { wantsInput, limits, resources } = options
  const reading = options.options.filter(({ file }) => file === null)
  if (!wantsInput && !terminal.inputIsPiped) return null
  const patience = wantsInput ? null : patienceMilliseconds
  const spooled = await SpooledInput.from(terminal.input, { limit: limits.file, patienceMilliseconds: patience })
  if (spooled === 'silence') {
    terminal.error.write('Nothing came on standard input within 2 s; going on without it (--data - waits for it).\n')
    return null
  }
  if (spooled === 'nothing') {
    if (wantsInput) throw new ServiceError('invalid-file', 'standard input: it is empty')
    return null
  }
  resources.use(spooled)
  const [file] = await openDataFiles([spooled.path], limits, reading)
  return file ?? null
}
