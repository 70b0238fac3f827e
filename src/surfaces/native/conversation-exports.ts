import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { parseRequest } from '../../http/parse-request.ts'
import type { ConversationFile, ExportWish } from '../../sessions/exports/exported.ts'
import { principalOf } from '../caller.ts'
import { exportQuery } from '../wire/conversations.ts'

/** Null for none of the caller's own. */
export type ExportConversation = (wish: ExportWish) => Promise<ConversationFile | null>

/** `GET /v1/conversations/{id}/export`: all of it as a file to take away. */
export function sendExport(exportConversation: ExportConversation): RequestHandler {
  return async (request, response) => {
    const { format } = parseRequest(exportQuery, request.query)
    const id = String(request.params['id'])
    const file = await exportConversation({ principal: principalOf(response).id, id, format })
    if (file === null) {
      throw new ServiceError('not-found', `There is no conversation "${id.slice(0, 100)}" of yours.`, {
        advice: 'GET /v1/conversations lists yours.',
      })
    }
    response.status(200).set({
      'content-type': file.mediaType,
      'content-disposition': `attachment; filename="${file.name}"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    response.end(file.text)
  }
}
