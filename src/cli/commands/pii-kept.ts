import { ServiceError } from '../../core/errors.ts'
import { conversationId, searchResult, type SearchResultJson } from '../../surfaces/wire/privacy-searches.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine } from '../output/plain-text.ts'
import { createRunningService, type RunningService, type ServiceAddress } from '../running-service.ts'
import { readWholeText } from '../text-input.ts'
import { waitFor } from '../wait-for.ts'

export interface KeptOptions extends ServiceAddress {
  readonly output?: 'text' | 'json'
}

type Found = Pick<SearchResultJson, 'found' | 'searched' | 'unopened'>

/**
 * `sallyport pii find [FILE]`: the value comes from a file or standard input, since every process of the machine can read the words
 * of a command line. 1 where something could not be opened, which may hold the value.
 */
export async function piiFind(
  context: CommandContext,
  file: string | undefined,
  options: KeptOptions,
): Promise<ExitCode> {
  const value = (await readWholeText(context, file)).replace(/\r?\n$/, '')
  const service = serviceOf(context, options)
  const { found, searched, unopened } = await waitFor(context, 'searching what is kept', (signal) =>
    findAll(service, value, signal),
  )
  const { out, error } = context.terminal
  if (options.output === 'json') out.writeJson({ found: [...found], searched, unopened })
  else {
    for (const { conversation, kinds } of found) out.write(`${conversation}  ${plainLine(kinds.join(' '), 300)}\n`)
    if (found.length === 0) out.write('No conversation that is kept holds it.\n')
    error.write(`${searched.conversations.toLocaleString('en')} conversations were searched.\n`)
    if (unopened > 0) error.write(`${unopened.toLocaleString('en')} could not be opened, and may hold it.\n`)
  }
  return unopened === 0 ? exitCodes.ok : exitCodes.failure
}

/** `sallyport pii forget ID…`: one after the other; it ends at the first that cannot be forgotten. */
export async function piiForget(
  context: CommandContext,
  ids: readonly string[],
  options: KeptOptions,
): Promise<ExitCode> {
  if (!ids.every((id) => conversationId.safeParse(id).success)) {
    throw new ServiceError('invalid-request', 'That is no id of a conversation', {
      advice: '"sallyport pii find" gives them.',
    })
  }
  const service = serviceOf(context, options)
  const { out } = context.terminal
  for (const id of ids) {
    const path = `/v1/privacy/conversations/${id}`
    await waitFor(context, 'asking the service', (signal) => service.ask('DELETE', path, signal))
    if (options.output !== 'json') out.write(`Forgot ${id}.\n`)
  }
  if (options.output === 'json') out.writeJson({ forgotten: [...ids] })
  return exitCodes.ok
}

/** A search that takes long is answered in parts. */
async function findAll(service: RunningService, value: string, signal: AbortSignal): Promise<Found> {
  const all = { found: [] as SearchResultJson['found'], searched: { conversations: 0, values: 0 }, unopened: 0 }
  let after: string | null = null
  do {
    const answer = await service.post('/v1/privacy/searches', { value, after }, signal)
    const { data: part } = searchResult.safeParse(answer)
    if (part === undefined) {
      throw new ServiceError('service-unavailable', 'What answered at this address does not search what is kept')
    }
    all.found.push(...part.found)
    all.searched.conversations += part.searched.conversations
    all.searched.values += part.searched.values
    all.unopened += part.unopened
    after = part.next
  } while (after !== null)
  return all
}

function serviceOf(context: CommandContext, options: KeptOptions): RunningService {
  return createRunningService(options, { config: context.config().config, variables: context.variables })
}
