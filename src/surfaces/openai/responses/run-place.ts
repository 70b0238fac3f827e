import { ServiceError } from '../../../core/errors.ts'
import type { AnswerArtifact } from '../../../core/events.ts'
import type { ObserveHeld } from '../../../core/facts.ts'
import type { Principal } from '../../../core/principal.ts'
import type { RequestedLimits } from '../../../core/requested-limits.ts'
import { noContainer } from '../../../sessions/container-facts.ts'
import { limitsOf } from '../wire/containers.ts'
import type { ResponseRequest } from '../wire/response-request.ts'
import type { AskedMessages } from './asked-messages.ts'
import type { OwnResponsesParts } from './own-responses.ts'

/** Where the programs of a run run, and what they find there. */
export interface RunPlace {
  /** The container that was named; null for the one of the conversation. */
  readonly container: string | null
  /** Null for a session that ends with the run. */
  readonly sessionId: string | null
  /** Stored files that the session is to have. */
  readonly files: readonly string[]
  readonly sandboxLimits: RequestedLimits
  /** Called when a program has run there. Rejects where that cannot be noted. */
  readonly ran: () => Promise<void>
}

interface Asked {
  readonly body: ResponseRequest
  readonly principal: Principal
  readonly requestId: string
  readonly caller: AbortSignal
}

interface Parts extends Pick<OwnResponsesParts, 'containers' | 'history'> {
  readonly observe: Pick<ObserveHeld, 'act'>
}

/** Files of a session that a request brings. */
const mostFiles = 20

/** Rejects with `not-found` for a container, or a file, that is not the caller's, and for a container that has expired. */
export async function placeOf(
  { body, principal, requestId, caller }: Asked,
  { goesOnIn }: Pick<AskedMessages, 'goesOnIn'>,
  { containers, history, observe }: Parts,
): Promise<RunPlace> {
  const nowhere = {
    container: null,
    sessionId: body.session ?? null,
    files: [],
    sandboxLimits: {},
    ran: async () => {},
  }
  const container = body.tools?.[0]?.container
  if (container == null) return nowhere
  if (typeof container === 'string') {
    const { id: owner, group } = principal
    const used = { requestId, channel: 'http', principal: owner, group, of: 'container', action: 'use' } as const
    const sessionId = await observe.act({ ...used, id: container }, async () => {
      if (containers === null) throw noContainer()
      return containers.sessionOf(principal, container, caller)
    })
    return { ...nowhere, container, sessionId, ran: async () => containers?.ran(principal, container) }
  }
  const files = await filesOf(container.file_ids ?? [], { principal, goesOnIn }, history)
  return { ...nowhere, files, sandboxLimits: limitsOf(container.memory_limit) }
}

/** Keeps what a program made in the container that was named, for its next sandbox. */
export async function holdIn(
  { container }: RunPlace,
  {
    principal,
    ...made
  }: { readonly principal: Principal['id']; readonly fileId: string; readonly artifact: AnswerArtifact },
  { containers }: Pick<Parts, 'containers'>,
): Promise<void> {
  if (container !== null) await containers?.made({ id: principal }, container, made)
}

/** Those that are named, and behind them those that earlier runs of the conversation made: each name once, the newest. */
async function filesOf(
  named: readonly string[],
  { principal, goesOnIn }: { readonly principal: Principal; readonly goesOnIn: string | null },
  { files }: Parts['history'],
): Promise<readonly string[]> {
  const found = new Map<string, string>()
  for (const id of new Set(named)) {
    const file = principal.kind === 'anonymous' ? null : await files.show(principal.id, id)
    if (file === null) {
      throw new ServiceError('not-found', `There is no file "${id}".`, {
        parameter: 'tools[0].container.file_ids',
        advice: 'GET /v1/files lists yours.',
      })
    }
    found.set(file.name, id)
  }
  if (goesOnIn === null) return [...named]
  const made = await files.list(principal.id, { conversation: goesOnIn, order: 'desc', most: 100 })
  for (const { id, name } of made) if (!found.has(name) && found.size < mostFiles) found.set(name, id)
  return [...new Set([...named, ...found.values()])]
}
