import { askingOf } from '../approve.ts'
import { openChatParts } from '../chat/chat-parts.ts'
import { ChatSession } from '../chat/chat-session.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { dataLimits, openDataFiles } from '../data-files.ts'
import type { ChatOptions } from './chat.ts'
import { requireConversationId, type SessionsOptions } from './sessions.ts'

/** `sallyport sessions replay ID`: nobody is asked here; a call that a person has to allow ends it, and waits for them. */
export async function sessionsReplay(
  context: CommandContext,
  id: string,
  { data, dataOption, source, outputDir, approve, output, ...address }: ChatOptions & Pick<SessionsOptions, 'output'>,
): Promise<ExitCode> {
  requireConversationId(id)
  const { config } = context.config()
  const files = await openDataFiles(data, dataLimits(config), dataOption)
  await using parts = await openChatParts(context, address)
  const session = new ChatSession(parts, {
    files,
    source: source ?? null,
    maximumCost: null,
    saveDirectory: outputDir ?? config.cli.save_directory,
    ...askingOf(approve, null),
  })
  await session.resume(id)
  await session.begin()
  return (await session.replay(output)).exitCode
}
