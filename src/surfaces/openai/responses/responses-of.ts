import type { ObserveHeld } from '../../../core/facts.ts'
import type { NameAnswer } from '../../../core/complaints.ts'
import type { FileLink } from '../../../core/stored-files.ts'
import type { Identify } from '../../../gateway/authenticate/authenticate.ts'
import type { Answerer } from '../../../gateway/pipeline.ts'
import type { OnFault } from '../../../http/errors.ts'
import type { HttpOptions } from '../../../http/options.ts'
import type { Containers } from '../../../sessions/containers.ts'
import type { ArtifactStore } from '../../artifact-store.ts'
import type { FileLinks } from '../../file-links.ts'
import type { CreateResponseOptions } from './create-response.ts'
import { OwnResponses, type ResponseHistory } from './own-responses.ts'

export interface ServedParts {
  readonly settings: HttpOptions
  readonly answer: Answerer
  readonly identify: Identify
  readonly responseHistory: ResponseHistory
  readonly observe: ObserveHeld
  /** Absent where there are none. */
  readonly containers?: Containers
  readonly label: string | null
  /** Absent where nobody listens to what callers say of answers. */
  readonly complaints?: { readonly nameAnswer: NameAnswer } | null
}

interface Serving {
  readonly artifacts: Pick<ArtifactStore, 'put'>
  /** Absent where nothing is kept of callers. */
  readonly links: Pick<FileLinks, 'to'> | undefined
  readonly stopping: AbortSignal
  readonly onFault: OnFault
}

/** Responses of the service's own model as a server has them. */
export function responsesOf(
  { settings, answer, identify, responseHistory: history, containers, observe, label, complaints }: ServedParts,
  { artifacts, links, stopping, onFault }: Serving,
): CreateResponseOptions {
  const kept = {
    history,
    containers: containers ?? null,
    text: { label, tableRows: settings.table_rows },
    linkTo: (file: FileLink) => links?.to(file) ?? null,
  }
  return {
    ...kept,
    linkOnce: (owner, artifact) => artifacts.put(owner, artifact),
    responses: new OwnResponses(kept),
    answer,
    observe,
    identify,
    nameAnswer: complaints?.nameAnswer,
    now: Date.now,
    heartbeatMilliseconds: settings.heartbeat_ms,
    stallMilliseconds: settings.reader_timeout_ms,
    stopping,
    onFault,
  }
}
