import { ServiceError } from '../../core/errors.ts'
import { chatCommands, readCommand, unknownCommand } from '../chat/commands.ts'
import { openChatParts, type ChatParts } from '../chat/chat-parts.ts'
import { ChatSession } from '../chat/chat-session.ts'
import { askingOf } from '../approve.ts'
import type { Approve } from '../option-values.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import type { DataOption } from '../data-options.ts'
import { exitCodes } from '../exit-codes.ts'
import { dataLimits, openDataFiles } from '../data-files.ts'
import { reportError } from '../output/errors.ts'
import { foldText } from '../output/fold-text.ts'
import { plainLine } from '../output/plain-text.ts'
import { historySize, openQuestionPrompt, type QuestionPrompt } from '../question-prompt.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { requireConversationId } from './sessions.ts'

export interface ChatOptions extends ServerAddress {
  readonly data: readonly string[]
  readonly dataOption: readonly DataOption[]
  readonly source?: string
  /** Of each answer, in millionths of the currency of prices. */
  readonly maxCost?: number
  readonly outputDir?: string
  readonly approve?: Approve
  /** Go on with the conversation that was used last. */
  readonly continue?: boolean
  /** Go on with this one. */
  readonly resume?: string
}

/** `sallyport` without a command: a conversation. Variables and files live on from question to question. */
export async function chat(context: CommandContext, options: ChatOptions): Promise<ExitCode> {
  const { terminal } = context
  if (!terminal.inputIsTerminal) {
    throw new ServiceError('invalid-request', 'a conversation needs a terminal', {
      advice: 'Use sallyport ask "…" in scripts and pipes; sallyport --help lists the commands.',
    })
  }
  if (options.continue === true && options.resume !== undefined) {
    throw new ServiceError('invalid-request', '--continue and --resume name two conversations', {
      advice: 'Leave one of them out.',
    })
  }
  if (options.resume !== undefined) requireConversationId(options.resume)
  const { config } = context.config()
  const files = await openDataFiles(options.data, dataLimits(config), options.dataOption)
  await using parts = await openChatParts(context, options)
  const resumed = options.continue === true ? await lastOf(parts) : (options.resume ?? null)
  const { id, scripted, questions } = parts.sallyport.model()
  const { error } = terminal
  error.write(`${error.style('bold', 'Sallyport')}, model ${id}${scripted ? ' (scripted)' : ''}. /help for help.\n`)
  if (scripted) error.write(`It knows:\n${questions.map((question) => `  ${question}\n`).join('')}`)
  const prompt = openQuestionPrompt(context, { earlier: await parts.conversations.lastQuestions(historySize) })
  try {
    const session = new ChatSession(parts, {
      files,
      source: options.source ?? null,
      maximumCost: options.maxCost ?? null,
      saveDirectory: options.outputDir ?? config.cli.save_directory,
      ...askingOf(options.approve, prompt.person),
    })
    if (resumed !== null) {
      const title = await session.resume(resumed)
      const about = title === null ? '' : ` "${plainLine(title, 60)}"`
      const words = `Going on with ${resumed}${about}. Variables and files of its programs are not there any more; /replay runs again what made them.\n`
      error.write(foldText(words, error.width))
    }
    await session.begin()
    return await converse(session, prompt)
  } finally {
    prompt.close()
  }
}

async function lastOf({ conversations }: ChatParts): Promise<string> {
  const [last] = await conversations.list({ most: 1 })
  if (last !== undefined) return last.id
  throw new ServiceError('not-found', 'There is no conversation to go on with', { advice: 'Leave out --continue.' })
}

async function converse(session: ChatSession, prompt: QuestionPrompt): Promise<ExitCode> {
  const { error } = session.parts.context.terminal
  prompt.ask()
  for await (const asked of prompt.questions) {
    const text = asked.trim()
    const command = readCommand(text)
    if (command?.name === '/exit') break
    try {
      if (command !== null) await obey(session, command)
      else if (text !== '') await session.ask(text)
    } catch (thrown) {
      // A fault ends the answer, not the conversation.
      reportError(thrown, error)
    }
    prompt.ask()
  }
  const { conversation } = session
  if (conversation !== null)
    error.write(`It is kept, and this goes on with it:\n  sallyport --resume ${conversation}\n`)
  return exitCodes.ok
}

async function obey(session: ChatSession, { name, argument }: { name: string; argument: string }): Promise<void> {
  const command = Object.hasOwn(chatCommands, name) ? chatCommands[name] : undefined
  if (command === undefined) session.parts.context.terminal.error.write(unknownCommand(name))
  else await command.run(session, argument)
}
