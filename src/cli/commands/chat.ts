import { randomUUID } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import type { ConversationMessage } from '../../core/request.ts'
import type { Config } from '../../config/schema.ts'
import { closest } from '../../text/closest.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import type { DataOption } from '../data-options.ts'
import { exitCodes } from '../exit-codes.ts'
import { dataLimits, openDataFiles, type DataFile } from '../data-files.ts'
import { reportError } from '../output/errors.ts'
import { plainLine } from '../output/plain-text.ts'
import type { AskLine } from '../approval-question.ts'
import { openQuestionPrompt } from '../question-prompt.ts'
import type { Sallyport } from '../../service/sallyport.ts'
import { answerQuestion } from './answering.ts'

export interface ChatOptions {
  readonly data: readonly string[]
  readonly dataOption: readonly DataOption[]
  readonly source?: string
  readonly outputDir?: string
}

const help = `Ask in plain words; several pasted lines are one question. What the code defined stays for the next question.
  /new    forget the conversation and start a new session
  /help   this
  /exit   leave (Ctrl-D too)
Ctrl-C cancels the answer under way; twice leaves.
`

/** `sallyport` without a command: a conversation. Variables and files live on from question to question. */
export async function chat(context: CommandContext, options: ChatOptions): Promise<ExitCode> {
  const { terminal } = context
  if (!terminal.inputIsTerminal) {
    throw new ServiceError('invalid-request', 'a conversation needs a terminal', {
      advice: 'Use sallyport ask "…" in scripts and pipes; sallyport --help lists the commands.',
    })
  }
  const { config } = context.config()
  const files = await openDataFiles(options.data, dataLimits(config), options.dataOption)
  // It starts while the person types.
  await using sallyport = await context.open(config, { driver: null })
  const { id, scripted, questions } = sallyport.model()
  terminal.error.write(
    `${terminal.error.style('bold', 'Sallyport')}, model ${id}${scripted ? ' (scripted)' : ''}. /help for help.\n`,
  )
  if (scripted) terminal.error.write(`It knows:\n${questions.map((question) => `  ${question}\n`).join('')}`)
  return await converse({ context, sallyport, config }, files, options)
}

interface Parts {
  readonly context: CommandContext
  readonly sallyport: Sallyport
  readonly config: Config
}

async function converse(parts: Parts, files: readonly DataFile[], options: ChatOptions): Promise<ExitCode> {
  const { terminal } = parts.context
  const prompt = openQuestionPrompt(parts.context)
  const begin = (): Session => ({ id: randomUUID(), messages: [], files })
  let session = begin()
  prompt.ask()
  for await (const asked of prompt.questions) {
    const text = asked.trim()
    const command = commandOf(text)
    if (command === '/exit' || command === '/quit') break
    if (command === '/help') terminal.error.write(help)
    else if (command === '/new') {
      session = begin()
      terminal.error.write('A new session.\n')
    } else if (command !== null) terminal.error.write(unknownCommand(command))
    else if (text !== '') session = await turn(parts, session, { text, options, askLine: prompt.askLine })
    prompt.ask()
  }
  prompt.close()
  return exitCodes.ok
}

const commands = ['/new', '/help', '/exit', '/quit']

/** The command that a text is; null for a question, which may begin with a path. */
function commandOf(text: string): string | null {
  return /^(\/[A-Za-z][\w-]*)(?:[ \t][^\n]*)?$/.exec(text)?.[1] ?? null
}

/** A misspelt command must not become a question that is paid for. */
function unknownCommand(command: string): string {
  const near = closest(command, commands)
  const hint = near === null ? '/help lists the commands' : `did you mean ${near}?`
  return `There is no command ${plainLine(command, 40)}; ${hint}\n`
}

interface Session {
  readonly id: string
  readonly messages: readonly ConversationMessage[]
  /** Files that the session has not been given yet. */
  readonly files: readonly DataFile[]
}

async function turn(
  parts: Parts,
  session: Session,
  { text, options, askLine }: { readonly text: string; readonly options: ChatOptions; readonly askLine: AskLine },
): Promise<Session> {
  const messages: readonly ConversationMessage[] = [...session.messages, { role: 'user', content: text }]
  const { config, context } = parts
  try {
    const answered = await answerQuestion(
      parts,
      { messages, files: session.files, dataSource: options.source ?? null, sessionId: session.id },
      { format: 'text', quiet: false, saveDirectory: options.outputDir ?? config.cli.save_directory, askLine },
    )
    if (answered.text === '') return { ...session, files: [] }
    return { id: session.id, messages: [...messages, { role: 'assistant', content: answered.text }], files: [] }
  } catch (thrown) {
    // A fault ends the answer, not the conversation.
    reportError(thrown, context.terminal.error)
    return session
  }
}
