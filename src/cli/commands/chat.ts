import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { ServiceError } from '../../core/errors.ts'
import type { ConversationMessage } from '../../core/request.ts'
import type { Config } from '../../config/schema.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { dataLimits, openDataFiles, type DataFile } from '../data-files.ts'
import { reportError } from '../output/errors.ts'
import type { Sallyport } from '../service.ts'
import { answerQuestion } from './answering.ts'

export interface ChatOptions {
  readonly data: readonly string[]
  readonly source?: string
  readonly saveDir?: string
}

const help = `Ask in plain words. What the code defined stays for the next question.
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
  const files = await openDataFiles(options.data, dataLimits(config))
  await using sallyport = await context.open(config)
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
  const prompt = openPrompt(parts.context)
  let session = { id: randomUUID() as string, messages: [] as readonly ConversationMessage[], files }
  prompt.ask()
  for await (const line of prompt.lines) {
    const text = line.trim()
    if (text === '/exit' || text === '/quit') break
    if (text === '/help') terminal.error.write(help)
    else if (text === '/new') {
      session = { id: randomUUID(), messages: [], files }
      terminal.error.write('A new session.\n')
    } else if (text !== '') session = await turn(parts, session, { text, options })
    prompt.ask()
  }
  prompt.lines.close()
  return exitCodes.ok
}

/** Lines that a person types. Ctrl-C cancels the answer under way; twice between answers ends the lines in good order. */
function openPrompt({ terminal, interrupts }: CommandContext) {
  const lines = createInterface({
    input: terminal.input,
    output: terminal.error.stream,
    prompt: '❯ ',
    historySize: 200,
  })
  let isLeaving = false
  // Ctrl-D while an answer is under way closes the prompt before it is asked for again.
  let isOpen = true
  const ask = (): void => {
    if (isOpen) lines.prompt()
  }
  lines.on('close', () => {
    isOpen = false
  })
  lines.on('line', () => {
    isLeaving = false
  })
  lines.on('SIGINT', () => {
    if (interrupts.isBusy) return interrupts.interrupt()
    if (isLeaving) return lines.close()
    isLeaving = true
    terminal.error.write('\nCtrl-C again leaves.\n')
    ask()
  })
  return { lines, ask }
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
  { text, options }: { readonly text: string; readonly options: ChatOptions },
): Promise<Session> {
  const messages: readonly ConversationMessage[] = [...session.messages, { role: 'user', content: text }]
  const { config, context } = parts
  try {
    const answered = await answerQuestion(
      parts,
      { messages, files: session.files, dataSource: options.source ?? null, sessionId: session.id },
      { format: 'text', quiet: false, saveDirectory: options.saveDir ?? config.cli.save_directory },
    )
    if (answered.text === '') return { ...session, files: [] }
    return { id: session.id, messages: [...messages, { role: 'assistant', content: answered.text }], files: [] }
  } catch (thrown) {
    // A fault ends the answer, not the conversation.
    reportError(thrown, context.terminal.error)
    return session
  }
}
