import { writeFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { ServiceError } from '../../core/errors.ts'
import { isId } from '../../core/new-id.ts'
import type {
  ConversationFacts,
  ConversationFile,
  ConversationKeeper,
  ExportFormat,
} from '../../service/conversation-keeper.ts'
import { sessionList, type SessionElsewhereJson, type SessionJson } from '../../surfaces/wire/sessions.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine, plainText } from '../output/plain-text.ts'
import { saveArtifact } from '../output/saved-files.ts'
import { textTable } from '../output/tables.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { conversationsAt } from '../remote/open.ts'
import { createRunningService, type RunningService } from '../running-service.ts'
import { waitFor } from '../wait-for.ts'

export interface SessionsOptions extends ServerAddress {
  readonly output?: 'text' | 'json'
}

export interface ListOptions extends SessionsOptions {
  /** The open sessions of a running service, in place of the conversations that are kept. */
  readonly open?: boolean
  readonly limit: number
}

export interface ExportOptions extends SessionsOptions {
  readonly ipynb?: boolean
  readonly md?: boolean
  readonly html?: boolean
  /** Where it is written; `-` for standard output. */
  readonly file?: string
}

/** `sallyport sessions list`: kept conversations, newest first; with `--open` the open sessions of a service, oldest first. */
export async function sessionsList(context: CommandContext, options: ListOptions): Promise<ExitCode> {
  const { out } = context.terminal
  if (options.open === true) {
    const { data, elsewhere } = await openSessions(context, options)
    if (options.output === 'json') {
      out.writeJson({ object: 'list', data: [...data], ...(elsewhere === null ? {} : { elsewhere: [...elsewhere] }) })
      return exitCodes.ok
    }
    out.write(data.length === 0 ? 'No session is open.\n' : openText(data, out.width))
    for (const { id, replica } of elsewhere ?? []) out.write(`${id} is open at the replica ${replica}.\n`)
    return exitCodes.ok
  }
  const kept = await keptConversations(await conversationsAt(context, options), options.limit)
  if (options.output === 'json') out.writeJson({ object: 'list', data: kept.map(factsJson) })
  else out.write(kept.length === 0 ? 'No conversation is kept.\n' : keptText(kept, out.width))
  return exitCodes.ok
}

/** `sallyport sessions show ID`: what was said in a conversation, or one open session as the list has it. */
export async function sessionsShow(context: CommandContext, id: string, options: SessionsOptions): Promise<ExitCode> {
  const { out } = context.terminal
  if (isOpenSession(id)) {
    const session = (await openSessions(context, options)).data.find((each) => each.id === id)
    if (session === undefined) throw noSession(id)
    if (options.output === 'json') out.writeJson(session)
    else out.write(openText([session], out.width))
    return exitCodes.ok
  }
  requireConversationId(id)
  const conversations = await conversationsAt(context, options)
  const facts = await conversations.show(id)
  const { text } = await conversations.export(id, 'md')
  if (options.output === 'json') {
    out.writeJson({ ...factsJson(facts), markdown: text })
    return exitCodes.ok
  }
  // What a service elsewhere has made of it may hold styles of its own.
  if (!out.colour) out.write(plainText(text))
  else {
    const { createMarkdownRenderer } = await import('../output/rendered-markdown.ts')
    const renderer = await createMarkdownRenderer(out)
    out.write(`${await renderer.render(plainText(text))}\n`)
  }
  return exitCodes.ok
}

/** `sallyport sessions delete ID`: a conversation with its files, for good. */
export async function sessionsDelete(context: CommandContext, id: string, options: SessionsOptions): Promise<ExitCode> {
  if (isOpenSession(id)) {
    throw new ServiceError('invalid-request', `${id} is an open session, which nothing is kept of`, {
      advice: `End it with "sallyport sessions close ${id}".`,
    })
  }
  requireConversationId(id)
  await (await conversationsAt(context, options)).delete(id)
  const { out } = context.terminal
  if (options.output === 'json') out.writeJson({ id, deleted: true })
  else out.write(`Deleted ${id}.\n`)
  return exitCodes.ok
}

/** `sallyport sessions export ID --ipynb`: a conversation as a file that does nothing by being opened. */
export async function sessionsExport(context: CommandContext, id: string, options: ExportOptions): Promise<ExitCode> {
  requireConversationId(id)
  const format: ExportFormat = options.md === true ? 'md' : options.html === true ? 'html' : 'ipynb'
  const file = await (await conversationsAt(context, options)).export(id, format)
  const { out } = context.terminal
  if (options.file === '-') {
    if (options.output === 'json') out.writeJson({ id, format, text: file.text })
    else out.writeExact(file.text)
    return exitCodes.ok
  }
  const path = await writeExport(file, { file: options.file ?? null, workingDirectory: context.workingDirectory })
  if (options.output === 'json') out.writeJson({ id, format, path, media_type: file.mediaType })
  else out.write(`${path}\n`)
  return exitCodes.ok
}

interface ExportPlace {
  /** Null for its own name in the working directory, with a number where that is taken. */
  readonly file: string | null
  readonly workingDirectory: string
}

/** Writes an exported conversation and returns its path as a person types it. Nothing is ever replaced. */
export async function writeExport(
  { name, mediaType, text }: ConversationFile,
  { file, workingDirectory }: ExportPlace,
): Promise<string> {
  if (file === null) {
    const artifact = { name, mediaType, content: Buffer.from(text).toString('base64') }
    return await saveArtifact(artifact, workingDirectory, workingDirectory)
  }
  const path = resolve(workingDirectory, file)
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
  } catch (thrown) {
    const { code = String(thrown) } = thrown as NodeJS.ErrnoException
    throw new ServiceError('invalid-file', `${file}: it cannot be written (${code})`, {
      advice: code === 'EEXIST' ? 'Name a file that is not there yet.' : 'Name another file.',
    })
  }
  const short = relative(workingDirectory, path)
  return short.startsWith('..') ? path : short
}

/** `sallyport sessions close ID`: what runs in it is cancelled. */
export async function sessionsClose(context: CommandContext, id: string, options: SessionsOptions): Promise<ExitCode> {
  if (!isOpenSession(id)) {
    throw new ServiceError('invalid-request', 'That is no id of an open session', {
      advice: '"sallyport sessions list --open" shows them; they begin with session_.',
    })
  }
  const service = serviceOf(context, options)
  await waitFor(context, 'asking the service', (signal) => service.ask('DELETE', `/v1/sessions/${id}`, signal))
  const { out } = context.terminal
  if (options.output === 'json') out.writeJson({ id, closed: true })
  else out.write(`Closed ${id}.\n`)
  return exitCodes.ok
}

/** Of one question: a service answers with no more than 1,000 at once. */
const pageSize = 500

/** As many as are wanted, newest first, a page at a time. Rejects with `service-unavailable` where a page comes twice. */
async function keptConversations(keeper: ConversationKeeper, most: number): Promise<readonly ConversationFacts[]> {
  const kept: ConversationFacts[] = []
  while (kept.length < most) {
    const after = kept.at(-1)?.id
    const wanted = Math.min(pageSize, most - kept.length)
    const page = await keeper.list({ ...(after === undefined ? {} : { after }), most: wanted })
    if (after !== undefined && page.at(-1)?.id === after) {
      throw new ServiceError('service-unavailable', 'The same page of conversations comes over and over')
    }
    kept.push(...page)
    if (page.length < wanted) break
  }
  return kept
}

interface OpenSessions {
  readonly data: readonly SessionJson[]
  /** Those at other replicas; null where one process serves. */
  readonly elsewhere: readonly SessionElsewhereJson[] | null
}

async function openSessions(context: CommandContext, options: ServerAddress): Promise<OpenSessions> {
  const service = serviceOf(context, options)
  const found: SessionJson[] = []
  let elsewhere: OpenSessions['elsewhere'] = null
  for (let query = ''; ;) {
    const path = `/v1/sessions${query}`
    const answer = await waitFor(context, 'asking the service', (signal) => service.ask('GET', path, signal))
    const { data: list } = sessionList.safeParse(answer)
    if (list === undefined) {
      throw new ServiceError('service-unavailable', 'What answered at this address does not list sessions')
    }
    for (const session of list.data) found.push(session)
    elsewhere ??= list.elsewhere ?? null
    if (!list.has_more || list.last_id === null) return { data: found, elsewhere }
    const next = `?after=${encodeURIComponent(list.last_id)}`
    if (next === query) {
      throw new ServiceError(
        'service-unavailable',
        'The service at this address gives the same page of its sessions over and over',
      )
    }
    query = next
  }
}

/** An id becomes part of an address: nothing else may. */
function isOpenSession(id: string): boolean {
  return /^session_[\w-]{1,100}$/.test(id)
}

/** Throws `invalid-request` for what is no id of a conversation. */
export function requireConversationId(id: string): void {
  if (isId('conv', id)) return
  throw new ServiceError('invalid-request', 'That is no id of a session', {
    advice:
      '"sallyport sessions list" shows those that are kept, which begin with conv_; with --open those of a service.',
  })
}

function noSession(id: string): ServiceError {
  return new ServiceError('not-found', `There is no session "${id}" of this key's owner`, {
    advice: '"sallyport sessions list --open" shows those that are open.',
  })
}

function serviceOf(context: CommandContext, { server, keyFile }: ServerAddress): RunningService {
  const address = { ...(server === undefined ? {} : { url: server }), ...(keyFile === undefined ? {} : { keyFile }) }
  return createRunningService(address, { config: context.config().config, variables: context.variables })
}

function factsJson({ id, title, made, used }: ConversationFacts) {
  return { id, title, made_at: made.toISOString(), used_at: used.toISOString() }
}

/** An id is never cut, since it is what the next command is given. */
function keptText(kept: readonly ConversationFacts[], width: number | null): string {
  return kept
    .map(({ id, title, used }) => {
      const about = title === null ? '' : `  ${plainLine(title, Math.max(20, (width ?? 100) - 2))}\n`
      return `${id}  ${used.toISOString().slice(0, 16).replace('T', ' ')}\n${about}`
    })
    .join('')
}

function openText(sessions: readonly SessionJson[], width: number | null): string {
  const columns = ['session', 'opened', 'closed if unused', 'limits of its own'].map((name) => ({ name, type: 'text' }))
  const rows = sessions.map(({ id, opened_at, in_use, expires_at, sandbox }) => [
    id,
    opened_at,
    in_use ? 'in use now' : expires_at,
    Object.entries(sandbox)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  ])
  return textTable({ columns, rows, totalRows: rows.length }, { maximumRows: rows.length, width })
}
