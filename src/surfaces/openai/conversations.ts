import type { RequestHandler } from 'express'
import type { Conversations } from '../../core/conversations.ts'
import { ServiceError } from '../../core/errors.ts'
import type { ObserveHeld } from '../../core/facts.ts'
import { isId } from '../../core/new-id.ts'
import type { Principal } from '../../core/principal.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import type { FileDesk } from '../../sessions/file-desk.ts'
import { principalOf } from '../caller.ts'
import {
  addItemsRequest,
  changeConversationRequest,
  createConversationRequest,
  toConversation,
  toItem,
} from '../wire/conversations.ts'
import { listQuery } from '../wire/files.ts'
import { sendList } from '../list-page.ts'

type Vault = () => Promise<Conversations>

interface KeepingParts {
  readonly vault: Vault
  /** Rejects with `forbidden` for somebody who has no use for conversations. */
  readonly mayKeep: (principal: Principal) => Promise<void>
  readonly observe: Pick<ObserveHeld, 'made'>
}

/** `POST /v1/conversations` */
export function createConversation({ vault, mayKeep, observe }: KeepingParts): RequestHandler {
  return async (request, response) => {
    await mayKeep(principalOf(response))
    const { items, metadata, title } = parseRequest(createConversationRequest, request.body)
    const words = { title: title ?? null, metadata: metadata ?? {} }
    const made = await (await vault()).create(principalOf(response).id, words, items ?? [])
    await observe.made({ requestId: requestIdOf(response), of: 'conversation', id: made.id })
    response.status(200).json(toConversation(made))
  }
}

/** `GET /v1/conversations`: the caller's own, newest first. */
export function listConversations(vault: Vault): RequestHandler {
  return async (request, response) => {
    const { after, limit = 20 } = parseRequest(listQuery, request.query)
    if (after !== undefined && !isId('conv', after)) throw noCursor()
    const found = await (await vault()).list(principalOf(response).id, { after, most: limit + 1 })
    sendList(response, found.map(toConversation), limit)
  }
}

export function showConversation(vault: Vault): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const found = await (await vault()).show(principalOf(response).id, id)
    if (found === null) throw noConversation(id)
    response.setHeader('cache-control', 'no-store').json(toConversation(found))
  }
}

/** `POST /v1/conversations/{id}`: other words for it; what is left out stays. */
export function changeConversation(vault: Vault): RequestHandler {
  return async (request, response) => {
    const { metadata, title } = parseRequest(changeConversationRequest, request.body)
    const id = String(request.params['id'])
    const [conversations, principal] = [await vault(), principalOf(response).id]
    const found = await conversations.show(principal, id)
    if (found === null) throw noConversation(id)
    const words = { title: title === undefined ? found.title : title, metadata: metadata ?? found.metadata }
    const changed = await conversations.change(principal, id, words)
    if (changed === null) throw noConversation(id)
    response.json(toConversation(changed))
  }
}

/** `DELETE /v1/conversations/{id}`: with its runs and the files that they made. */
export function deleteConversation(vault: Vault, desk: Pick<FileDesk, 'deleteOf'>): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const principal = principalOf(response)
    if (!(await (await vault()).delete(principal.id, id))) throw noConversation(id)
    await desk.deleteOf(principal, id)
    response.json({ id, object: 'conversation.deleted', deleted: true })
  }
}

/** `GET /v1/conversations/{id}/items`: the last one first where nothing else is asked, as OpenAI has it. */
export function listItems(vault: Vault): RequestHandler {
  return async (request, response) => {
    const { after, limit = 20, order = 'desc' } = parseRequest(listQuery, request.query)
    const id = String(request.params['id'])
    const found = await (await vault()).items(principalOf(response).id, id, { after, most: limit + 1, order })
    if (found === null) throw noConversation(id)
    sendList(response, found.map(toItem), limit)
  }
}

/** `POST /v1/conversations/{id}/items` */
export function addItems({ vault, mayKeep }: Omit<KeepingParts, 'observe'>): RequestHandler {
  return async (request, response) => {
    await mayKeep(principalOf(response))
    const { items } = parseRequest(addItemsRequest, request.body)
    const id = String(request.params['id'])
    const kept = await (await vault()).add(principalOf(response).id, id, items)
    if (kept === null) throw noConversation(id)
    sendList(response, kept.map(toItem), kept.length)
  }
}

/** `DELETE /v1/conversations/{id}/items/{item}` answers with the conversation, as OpenAI does. */
export function deleteItem(vault: Vault): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const [conversations, principal] = [await vault(), principalOf(response).id]
    const isGone = await conversations.deleteItem(principal, id, String(request.params['item']))
    const found = isGone ? await conversations.show(principal, id) : null
    if (found === null) throw noConversation(id)
    response.json(toConversation(found))
  }
}

function noCursor(): ServiceError {
  return new ServiceError('invalid-request', 'after: is no id of a conversation.', { parameter: 'after' })
}

function noConversation(id: string): ServiceError {
  return new ServiceError('not-found', `There is no such thing in a conversation "${id.slice(0, 100)}" of yours.`, {
    advice: "It was deleted, or forgotten by its age, or is somebody else's; GET /v1/conversations lists yours.",
  })
}
