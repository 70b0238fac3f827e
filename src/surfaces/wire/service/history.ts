import { z } from 'zod'
import { origins } from '../origins.ts'
import { runExplanation } from '../run-explanation.ts'
import { noBody, noParams, plainId, route } from '../../openapi/contract.ts'
import { replayRequest } from '../../openai/wire/replay-request.ts'
import { addItemsRequest, changeConversationRequest, createConversationRequest, exportQuery } from '../conversations.ts'
import { conversationListQuery, fileForm, fileListQuery, itemListQuery } from '../files.ts'

const idParams = z.strictObject({ id: plainId })
const get = { method: 'get', params: idParams, query: noParams, body: noBody, status: 200, access: 'sessions' } as const
const post = { ...get, method: 'post' } as const
const remove = { ...get, method: 'delete' } as const

const fileObject = z
  .object({
    id: z.string(),
    object: z.literal('file'),
    bytes: z.int(),
    created_at: z.int(),
    expires_at: z.int().nullable(),
    filename: z.string(),
    purpose: z.string(),
    status: z.literal('processed'),
    media_type: z.string(),
    preview: z
      .json()
      .describe('What a table holds: rows, columns with their types and kinds of personal data, first rows.'),
    origins,
  })
  .meta({ id: 'StoredFile' })
export const conversationObject = z
  .object({
    id: z.string(),
    object: z.literal('conversation'),
    created_at: z.int(),
    metadata: z.record(z.string(), z.string()),
    title: z.string().nullable(),
    used_at: z.int(),
  })
  .meta({ id: 'Conversation' })
const itemObject = z
  .looseObject({
    id: z.string(),
    type: z.string(),
    status: z.string(),
    made_at: z.iso.datetime().describe('When it was kept: for a call of a tool when it had ended.'),
    duration_ms: z.number().optional().describe('How long a call of a tool took; of other items there is none.'),
    origins,
  })
  .meta({ id: 'ConversationItem' })
export const listOf = (data: z.ZodType) =>
  z.object({
    object: z.literal('list'),
    data: z.array(data),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  })
const files = '/v1/files'
const conversations = '/v1/conversations'

/** What callers keep here: files and conversations, each its caller's own. */
export const historyContracts = [
  route({
    ...get,
    id: 'files.list',
    path: files,
    summary: 'The caller’s files, newest first.',
    params: noParams,
    query: fileListQuery,
    answer: listOf(fileObject),
    errors: [],
  }),
  route({
    ...post,
    id: 'files.create',
    path: files,
    summary: 'Keeps a file that comes as multipart/form-data: one file and its purpose.',
    params: noParams,
    body: fileForm,
    bodyType: 'multipart/form-data',
    answer: fileObject,
    errors: ['invalid-file', 'payload-too-large', 'quota-exceeded', 'unsupported-media-type'],
  }),
  route({
    ...get,
    id: 'files.show',
    path: `${files}/{id}`,
    summary: 'One file.',
    answer: fileObject,
    errors: ['not-found'],
  }),
  route({
    ...remove,
    id: 'files.delete',
    path: `${files}/{id}`,
    summary: 'Deletes a file for good.',
    answer: z.object({ id: z.string(), object: z.literal('file'), deleted: z.literal(true) }),
    errors: ['not-found'],
  }),
  route({
    ...get,
    id: 'files.content',
    path: `${files}/{id}/content`,
    summary: 'What a file holds.',
    answer: z.string(),
    answerType: '*/*',
    errors: ['not-found'],
  }),
  route({
    ...post,
    id: 'files.link',
    path: `${files}/{id}/link`,
    summary: 'An address at which whoever has it may read the file for a short time.',
    answer: z.object({ object: z.literal('file.link'), id: z.string(), url: z.string() }),
    errors: ['not-found'],
  }),
  route({
    ...get,
    id: 'files.linked',
    path: `${files}/links/{link}`,
    summary: 'A file by its link, which is the permission.',
    params: z.strictObject({ link: plainId }),
    answer: z.string(),
    answerType: '*/*',
    errors: ['not-found'],
    access: 'open',
  }),
  route({
    ...get,
    id: 'conversations.list',
    path: conversations,
    summary: 'The caller’s conversations, newest first.',
    params: noParams,
    query: conversationListQuery,
    answer: listOf(conversationObject),
    errors: [],
  }),
  route({
    ...post,
    id: 'conversations.create',
    path: conversations,
    summary: 'Makes a conversation.',
    params: noParams,
    body: createConversationRequest,
    answer: conversationObject,
    errors: [],
  }),
  route({
    ...get,
    id: 'conversations.show',
    path: `${conversations}/{id}`,
    summary: 'One conversation.',
    answer: conversationObject,
    errors: ['not-found'],
  }),
  route({
    ...post,
    id: 'conversations.change',
    path: `${conversations}/{id}`,
    summary: 'Says something else of a conversation.',
    body: changeConversationRequest,
    answer: conversationObject,
    errors: ['not-found'],
  }),
  route({
    ...remove,
    id: 'conversations.delete',
    path: `${conversations}/{id}`,
    summary: 'Deletes a conversation for good, with its runs and the files that they made.',
    answer: z.object({ id: z.string(), object: z.literal('conversation.deleted'), deleted: z.literal(true) }),
    errors: ['not-found'],
  }),
  route({
    ...get,
    id: 'conversations.export',
    path: `${conversations}/{id}/export`,
    summary: 'All of a conversation as a file that does nothing by being opened.',
    query: exportQuery,
    answer: z.unknown(),
    answerType: '*/*',
    errors: ['not-found'],
  }),
  route({
    ...get,
    id: 'conversations.items',
    path: `${conversations}/{id}/items`,
    summary: 'What was said, the last first where nothing else is asked.',
    query: itemListQuery,
    answer: listOf(itemObject),
    errors: ['not-found'],
  }),
  route({
    ...post,
    id: 'conversations.add',
    path: `${conversations}/{id}/items`,
    summary: 'Adds messages.',
    body: addItemsRequest,
    answer: listOf(itemObject),
    errors: ['not-found', 'conflict'],
  }),
  route({
    ...post,
    id: 'conversations.replay',
    path: `${conversations}/{id}/replay`,
    summary: 'Runs again, in order, what ran in a conversation, until one does not come to what it came to before.',
    body: replayRequest,
    answer: z.looseObject({
      id: z.string(),
      object: z.literal('response'),
      status: z.string(),
      output: z.array(z.json()),
    }),
    errors: [
      'not-found',
      'conflict',
      'model-not-found',
      'payload-too-large',
      'refused',
      'rate-limited',
      'quota-exceeded',
      'forbidden',
      'approval-required',
    ],
    streams: true,
  }),
  route({
    ...get,
    id: 'runs.explain',
    path: '/v1/runs/{id}/explanation',
    summary:
      'Why calls of a run were asked about or refused, in a sentence each, and what everything in it was made of.',
    answer: runExplanation,
    errors: ['not-found'],
  }),
  route({
    ...remove,
    id: 'conversations.remove',
    path: `${conversations}/{id}/items/{item}`,
    summary: 'Takes an item out.',
    params: z.strictObject({ id: plainId, item: plainId }),
    answer: conversationObject,
    errors: ['not-found'],
  }),
]
