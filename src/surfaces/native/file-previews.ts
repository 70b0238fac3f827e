import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { FileDesk } from '../../sessions/file-desk.ts'
import { readFilePreview, type FilePreview } from '../../sessions/file-preview.ts'
import { principalOf } from '../caller.ts'
import { toFilePreview } from '../wire/file-preview.ts'
import { during } from './during.ts'

/** What a preview holds as its caller's group may see values. Rejects with `refused` where its profile blocks. */
export type ScreenPreview = (principal: Principal, preview: FilePreview, signal: AbortSignal) => Promise<FilePreview>

interface FilePreviewOptions {
  readonly desk: Pick<FileDesk, 'preview'>
  readonly screenPreview: ScreenPreview
  readonly stopping: AbortSignal
}

/** `GET /v1/files/{id}/preview`: columns, kinds of personal data in them, and first rows. */
export function previewFile({ desk, screenPreview, stopping }: FilePreviewOptions): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const principal = principalOf(response)
    const seen = await during(response, stopping, async (signal) => {
      const file = await desk.preview(principal, id, signal)
      if (file === null) return null
      return toFilePreview(file, await screenPreview(principal, readFilePreview(file.preview), signal))
    })
    if (seen === null) {
      throw new ServiceError('not-found', `There is no file "${id.slice(0, 100)}".`, {
        advice: "It was deleted, has expired, or is somebody else's; GET /v1/files lists yours.",
      })
    }
    response.status(200).setHeader('cache-control', 'no-store').json(seen)
  }
}
