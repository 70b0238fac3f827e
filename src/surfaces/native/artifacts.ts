import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { ArtifactStore } from '../artifact-store.ts'
import { sendBytes } from '../../http/send-body.ts'
import { defuseTable, isPlainTable } from '../../text/defuse-formulas.ts'

interface ArtifactOptions {
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
  /** Are cells that begin formulas defused in tables? */
  readonly defusesFormulas: boolean
}

/**
 * `GET /v1/artifacts/:id`: the signature in the link is the permission, so that an `<img>` can load it. The file came
 * out of a sandbox: it is never sniffed, never runs a script and never gets an origin.
 */
export function getArtifact(
  artifacts: ArtifactStore,
  { stallMilliseconds, defusesFormulas }: ArtifactOptions,
): RequestHandler {
  return async (request, response) => {
    const { expires, signature } = request.query
    const isLink = typeof expires === 'string' && typeof signature === 'string'
    const kept = isLink ? artifacts.get(String(request.params['id']), expires, signature) : null
    if (kept === null) {
      throw new ServiceError('not-found', 'The link is not valid or no longer valid.', {
        advice: 'Ask again: a new answer has a new link.',
      })
    }
    const picture = /^image\/(?:png|jpeg|gif|webp)$/.test(kept.mediaType)
    const name = kept.name.replace(/^.*\//, '').replace(/[^\w.-]/g, '_')
    response.status(200).set({
      'content-type': picture ? kept.mediaType : 'application/octet-stream',
      'content-disposition': `${picture ? 'inline' : 'attachment'}; filename="${name}"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'private, max-age=300',
    })
    const isDefused = defusesFormulas && isPlainTable(kept.mediaType)
    await sendBytes(response, isDefused ? await defuseTable(kept.content) : kept.content, stallMilliseconds)
  }
}
