import { z } from 'zod'
import { ServiceError } from '../../../core/errors.ts'
import type { ExecutionReceived } from '../../../core/execution.ts'
import { hasScope } from '../../../gateway/authorize/scopes.ts'
import { mayRunPrograms } from '../../../gateway/executions.ts'
import type { JsonObject } from '../json-object.ts'
import type { McpCaller, McpTool, ToolCall } from '../tool.ts'
import { textView } from '../text-view.ts'
import type { McpUseCases } from '../use-cases.ts'
import { withArtifacts } from './ask.ts'

type Uses = Pick<McpUseCases, 'files'>

const session = z.string().min(1).max(100).describe('A session of open_session.')
const path = z.string().min(1).max(1_000).describe('Its path below /mnt/data.')
const file = z.object({ path: z.string(), bytes: z.int() })

function mayHaveFiles({ principal, grant }: McpCaller): boolean {
  return hasScope(principal, 'execute') && mayRunPrograms(grant)
}

function receivedOf({ requestId, caller: { channel, credential } }: ToolCall, sessionId: string): ExecutionReceived {
  return { requestId, channel, credential, sessionId }
}

const listInput = z.strictObject({ session })
const listOutput = z.object({ file_count: z.int(), files: z.array(file).describe('The first files, as many as fit.') })

type Listed = z.infer<typeof listOutput> & JsonObject

export function createListFiles({ files: sessionFiles }: Uses): McpTool<z.infer<typeof listInput>, Listed> {
  return {
    name: 'list_files',
    title: 'List the files of a session',
    description: 'Lists the files below /mnt/data of a session, with their sizes.',
    input: listInput,
    output: listOutput,
    hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    isFor: mayHaveFiles,
    async execute(input, call) {
      const files = await sessionFiles.listFiles(receivedOf(call, input.session), call.signal)
      const structured = (share: number): Listed => ({
        file_count: files.length,
        files: files.slice(0, Math.floor(files.length * share)).map((each) => ({ path: each.path, bytes: each.bytes })),
      })
      const text = files.map((each) => `${each.path} (${each.bytes} bytes)`).join('\n') || 'There are no files.'
      return textView({ text, structured: structured(1), shorter: structured, name: 'files.txt' })
    },
  }
}

const readInput = z.strictObject({ session, path })
const readOutput = z.object({
  path: z.string(),
  media_type: z.string(),
  bytes: z.int(),
  text: z.string().nullable().describe('What it holds, as much as fits; null for what is no text.'),
})

type Read = z.infer<typeof readOutput> & JsonObject

export function createReadFile({ files: sessionFiles }: Uses): McpTool<z.infer<typeof readInput>, Read> {
  return {
    name: 'read_file',
    title: 'Read a file of a session',
    description: 'Reads one file below /mnt/data of a session: a text as text, a picture as picture, others as a link.',
    input: readInput,
    output: readOutput,
    hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    isFor: mayHaveFiles,
    async execute(input, call) {
      const found = await sessionFiles.readFile(receivedOf(call, input.session), input.path, call.signal)
      const { name, mediaType, content } = found
      const bytes = Buffer.from(content, 'base64')
      const about = { path: name, media_type: mediaType, bytes: bytes.length }
      if (!/^text\/|^application\/(?:json|x-ndjson|xml|yaml)$/.test(mediaType)) {
        const text = `${name}: ${mediaType}, ${bytes.length} bytes`
        return { ...textView({ text, structured: { ...about, text: null }, name }), ...withArtifacts([found]) }
      }
      const text = bytes.toString('utf8')
      const shorter = (share: number): Read => ({ ...about, text: text.slice(0, Math.floor(text.length * share)) })
      return textView({ text, structured: { ...about, text }, shorter, name })
    },
  }
}

const putInput = z.strictObject({
  session,
  path,
  content: z.string().max(50_000_000).describe('All that it is to hold.'),
  encoding: z.enum(['utf8', 'base64']).default('utf8').describe('How content is written.'),
})

type Put = z.infer<typeof file> & JsonObject

export function createPutFile({ files: sessionFiles }: Uses): McpTool<z.infer<typeof putInput>, Put> {
  return {
    name: 'put_file',
    title: 'Put a file into a session',
    description:
      'Writes one file below /mnt/data of a session, for programs to read. One of the same path is replaced.',
    input: putInput,
    output: file,
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    isFor: mayHaveFiles,
    async execute(input, call) {
      const content = bytesOf(input)
      const received = receivedOf(call, input.session)
      const put = await sessionFiles.putFile(received, input.path, piecesOf(content), call.signal)
      const structured = { path: put.path, bytes: put.bytes }
      return textView({ text: `${put.path} has ${put.bytes} bytes.`, structured, name: 'file.txt' })
    },
  }
}

/** Throws `invalid-request` for what is not base64: read leniently, it would be another file. */
function bytesOf({ content, encoding }: Pick<z.infer<typeof putInput>, 'content' | 'encoding'>): Buffer {
  const bytes = Buffer.from(content, encoding)
  if (encoding === 'utf8' || bytes.toString('base64').replace(/=+$/, '') === content.replace(/=+$/, '')) return bytes
  throw new ServiceError('invalid-request', 'The content is not base64.', {
    parameter: 'content',
    advice: 'Send base64 without line breaks, or a text with encoding utf8.',
  })
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}
