import { bytesOf } from '../../../core/sizes.ts'
import type { Identify } from '../../../gateway/authenticate/authenticate.ts'
import type { Answerer } from '../../../gateway/pipeline.ts'
import type { OnFault } from '../../../http/errors.ts'
import type { HttpOptions } from '../../../http/options.ts'
import type { ArtifactStore } from '../../artifact-store.ts'
import type { CreateResponseOptions } from './create-response.ts'
import { KeptLinks } from './kept-links.ts'
import { OwnResponses, type ResponseHistory } from './own-responses.ts'

/** What callers may keep of files that their answers made. */
const limits = { files: 10_000, bytes: bytesOf.mb(1_024), fileBytes: bytesOf.mb(32) }

interface ServedParts {
  readonly settings: HttpOptions
  readonly answer: Answerer
  readonly identify: Identify
  readonly responseHistory: ResponseHistory
  readonly label: string | null
  /** Told of a file of an answer that could not be kept. */
  readonly onUnkept?: (error: unknown) => void
}

interface Serving {
  readonly artifacts: Pick<ArtifactStore, 'put'>
  readonly stopping: AbortSignal
  readonly onFault: OnFault
}

/** Responses of the service's own model as a server has them. */
export function responsesOf(
  { settings, answer, identify, responseHistory: history, label, onUnkept = () => undefined }: ServedParts,
  { artifacts, stopping, onFault }: Serving,
): CreateResponseOptions {
  const kept = {
    history,
    text: { label, tableRows: settings.table_rows },
    links: new KeptLinks((artifact) => artifacts.put(artifact), settings.artifact_ttl_ms),
  }
  return {
    ...kept,
    responses: new OwnResponses(kept),
    answer,
    identify,
    limits,
    now: Date.now,
    onUnkept,
    heartbeatMilliseconds: settings.heartbeat_ms,
    stallMilliseconds: settings.reader_timeout_ms,
    stopping,
    onFault,
  }
}
