import type { Config } from '../config/schema.ts'
import { bytesOf } from '../core/sizes.ts'
import { Containers } from '../sessions/containers.ts'
import type { FileDesk } from '../sessions/file-desk.ts'
import type { SessionService } from '../surfaces/native/sessions.ts'
import type { Analysis } from './analysis.ts'
import type { History } from './open-history.ts'

const lookMilliseconds = 2_000

interface ContainerParts {
  readonly config: Pick<Config, 'sessions'>
  readonly analysis: () => Promise<Pick<Analysis, 'sessions'>>
  readonly history: Pick<History, 'files' | 'containers'>
}

/** Containers over the sessions that all interfaces share; what works on data is opened with the first one. */
export function openContainers(
  { config, analysis, history }: ContainerParts,
  { sessions, desk }: { readonly sessions: Pick<SessionService, 'open'>; readonly desk: FileDesk },
): Containers {
  return new Containers({
    open: (...asked) => sessions.open(...asked),
    sessions: async () => (await analysis()).sessions,
    desk,
    store: history.containers,
    files: history.files,
    maximumBytes: bytesOf.mb(config.sessions.maximum_file_mb),
    longestMilliseconds: config.sessions.maximum_lifetime_ms,
    lookMilliseconds,
    now: Date.now,
  })
}
