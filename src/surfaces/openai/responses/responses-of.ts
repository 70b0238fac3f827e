import type { Identify } from '../../../gateway/authenticate/authenticate.ts'
import type { Answerer } from '../../../gateway/pipeline.ts'
import type { OnFault } from '../../../http/errors.ts'
import type { HttpOptions } from '../../../http/options.ts'
import type { ArtifactStore } from '../../artifact-store.ts'
import type { CreateResponseOptions } from './create-response.ts'
import { KeptLinks } from './kept-links.ts'
import { OwnResponses, type ResponseHistory } from './own-responses.ts'

interface ServedParts {
  readonly settings: HttpOptions
  readonly answer: Answerer
  readonly identify: Identify
  readonly responseHistory: ResponseHistory
  readonly label: string | null
}

interface Serving {
  readonly artifacts: Pick<ArtifactStore, 'put'>
  readonly stopping: AbortSignal
  readonly onFault: OnFault
}

/** Responses of the service's own model as a server has them. */
export function responsesOf(
  { settings, answer, identify, responseHistory: history, label }: ServedParts,
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
    now: Date.now,
    heartbeatMilliseconds: settings.heartbeat_ms,
    stallMilliseconds: settings.reader_timeout_ms,
    stopping,
    onFault,
  }
}
