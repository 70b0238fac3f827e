import { setTimeout as sleep } from 'node:timers/promises'
import type { Conversations, KeptItem, Run } from '../../../core/conversations.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { Principal } from '../../../core/principal.ts'
import type { FileLimits, FileLink, Files } from '../../../core/stored-files.ts'
import type { OutputItem, ResponseJson } from '../wire/response-json.ts'
import { containerOfRun, detailsOf, headOf, type ResponseDetails } from './response-details.ts'
import { partsOfItemId, runOfResponse } from './response-ids.ts'
import { ResponseEvents, type ResponseEvent, type ResponseEventsOptions } from './response-events.ts'
import type { LiveResponse } from './live-response.ts'
import type { Containers } from '../../../sessions/containers.ts'
import { interruptedEnd, partsOfKept } from '../../../sessions/run-parts.ts'

/** What callers have said and been answered, and the files of their runs. */
export interface ResponseHistory {
  readonly conversations: Conversations
  readonly files: Files
  /** What callers may keep. */
  readonly limits: FileLimits
}

export interface OwnResponsesParts {
  readonly history: ResponseHistory
  /** Those that callers made; null where there are none. */
  readonly containers: Containers | null
  readonly text: Pick<ResponseEventsOptions, 'label' | 'tableRows'>
  /** A short-lived link to a file that is kept; null where there are none. */
  readonly linkTo: (file: FileLink) => string | null
}

/** A response that is kept, with the run that it is. */
export interface KeptResponse {
  readonly run: Run
  readonly details: ResponseDetails
}

interface Told {
  readonly events: readonly ResponseEvent[]
  readonly response: ResponseJson
}

/** How soon a run of another process is looked at again. */
const lookMilliseconds = 500
/** How long somebody who cancels waits for the end of a run of another process. */
const cancelMilliseconds = 10_000

/** Responses of the service's own model that are kept: each its caller's own, another's is as one that never was. */
export class OwnResponses {
  readonly #parts: OwnResponsesParts
  readonly #live = new Map<string, LiveResponse>()

  constructor(parts: OwnResponsesParts) {
    this.#parts = parts
  }

  /** Resolves when none of the runs of this process goes on that go on now. */
  async idle(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.over))
  }

  /** A run that goes on in this process, until it is over. */
  add(run: string, live: LiveResponse): void {
    this.#live.set(run, live)
    void live.over.then(() => this.#live.delete(run))
  }

  /** Null for an id of another form, and for whatever is not this caller's. */
  async find(principal: Principal, id: string): Promise<KeptResponse | null> {
    const name = runOfResponse(id)
    if (name === null || principal.kind === 'anonymous') return null
    const run = await this.#parts.history.conversations.showRun(principal.id, name)
    const details = run === null ? null : detailsOf(run)
    return run === null || details === null ? null : { run, details }
  }

  async show(kept: KeptResponse): Promise<ResponseJson> {
    return this.#live.get(kept.run.id)?.response ?? (await this.#tell(kept)).response
  }

  /**
   * The events behind a number, those that are still to come included; all of them for null. Rejects with `invalid-request` for a number that none
   * of them has; of a run that another process runs that is known at its end, and thrown there. Aborting `signal` ends them.
   */
  async stream(
    kept: KeptResponse,
    after: number | null,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Pick<ResponseEvent, 'type'>>> {
    const from = after === null ? 0 : after + 1
    const live = this.#live.get(kept.run.id)
    if (live !== undefined) {
      if (from > live.count) throw noNumber(after, live.count)
      return live.from(from)
    }
    if (kept.run.state === 'running') return this.#follow(kept, from, signal)
    return each(behind(from, kept.run, (await this.#tell(kept)).events))
  }

  /** The response as it is when its run is over, or where another process runs it as it is after a while. */
  async cancel(principal: Principal, kept: KeptResponse): Promise<ResponseJson> {
    const { conversations } = this.#parts.history
    const { id } = kept.run
    const live = this.#live.get(id)
    const state = await conversations.askToCancel(principal.id, id)
    if (live !== undefined) await live.over
    else if (state === 'running') await this.#waitForEnd(kept)
    const now = await conversations.showRun(principal.id, id)
    if (now === null) throw noResponse()
    return live?.response ?? (await this.#tell({ ...kept, run: now })).response
  }

  /** For good, with the files that it made. Rejects with `conflict` while it goes on. */
  async delete(principal: Principal, { run }: KeptResponse): Promise<void> {
    const { conversations, files } = this.#parts.history
    if (run.state === 'running') {
      throw new ServiceError('conflict', 'The response is not over.', { advice: 'Cancel it first.' })
    }
    for (;;) {
      const made = await files.list(principal.id, { run: run.id, order: 'asc', most: 100 })
      for (const { id } of made) await files.delete(principal.id, id)
      if (made.length < 100) break
    }
    await conversations.deleteRun(principal.id, run.id)
  }

  /** What the run was asked with. */
  async inputs({ run, details }: KeptResponse): Promise<readonly KeptItem[]> {
    const items = (await this.#parts.history.conversations.runItems(run.principal, run.id)) ?? []
    return items.slice(0, details.inputs)
  }

  /** An item of an earlier response of the caller's, by its id; null for none. */
  async item(principal: Principal, id: string): Promise<OutputItem | KeptItem | null> {
    const parts = partsOfItemId(id)
    if (parts === null) return null
    const kept = await this.find(principal, `resp_${parts.run.slice('run_'.length)}`)
    if (kept === null) return null
    const items = parts.isInput ? await this.inputs(kept) : (await this.show(kept)).output
    return items[parts.index] ?? null
  }

  async #waitForEnd({ run }: KeptResponse): Promise<void> {
    const { conversations } = this.#parts.history
    for (let waited = 0; waited < cancelMilliseconds; waited += lookMilliseconds) {
      await sleep(lookMilliseconds)
      const now = await conversations.showRun(run.principal, run.id)
      if (now === null || now.state !== 'running') return
    }
  }

  /** Events of a run of another process, step by step as they are kept. */
  async *#follow(kept: KeptResponse, from: number, signal: AbortSignal): AsyncGenerator<ResponseEvent> {
    const { conversations } = this.#parts.history
    for (let at = from, now: Run | null = kept.run; ;) {
      const { events } = await this.#tell({ ...kept, run: now })
      if (now.state !== 'running') return yield* behind(at, now, events)
      for (const event of events.slice(at)) yield event
      at = Math.max(at, events.length)
      await sleep(lookMilliseconds, undefined, { signal })
      now = await conversations.showRun(now.principal, now.id)
      if (now === null) throw noResponse()
    }
  }

  /** Tells a run again from what is kept of it. */
  async #tell({ run, details }: KeptResponse): Promise<Told> {
    const { history, text, linkTo } = this.#parts
    const items = ((await history.conversations.runItems(run.principal, run.id)) ?? []).slice(details.inputs)
    const gone = await this.#goneOf(run, items)
    const parts = partsOfKept(run, items)
    const told = new ResponseEvents({
      ...text,
      linkFor: (_artifact, id) => (id === null || gone.has(id) ? null : linkTo({ id, principal: run.principal })),
      whyNoLink: (id) =>
        id === null ? 'was not kept: it was too large, or its owner had too many' : 'is not kept any more',
      head: headOf(run, details),
      run: run.id,
      requestId: run.requestId,
      containerId: containerOfRun(run),
    })
    const events = [...told.begin(), ...parts.flatMap((part) => told.next(part))]
    if (run.state !== 'interrupted') return { events, response: told.response }
    return {
      events,
      response: { ...told.response, sallyport: { ending: 'interrupted', message: interruptedEnd.message } },
    }
  }

  /** Those of the files of a run that are not there any more. */
  async #goneOf(run: Run, items: readonly KeptItem[]): Promise<ReadonlySet<string>> {
    const gone = new Set<string>()
    for (const { item } of items) {
      if (item.type !== 'artifact' || item.fileId === null) continue
      if ((await this.#parts.history.files.show(run.principal, item.fileId)) === null) gone.add(item.fileId)
    }
    return gone
  }
}

/** The events of a run that is over from a number on. Throws `invalid-request` where it is the number of none. */
function behind(from: number, { state }: Run, events: readonly ResponseEvent[]): readonly ResponseEvent[] {
  if (from <= events.length) return events.slice(from)
  if (state !== 'interrupted') throw noNumber(from - 1, events.length)
  // What was told of a step that was never finished is lost; how it ended is said behind it.
  const last = events.findIndex(({ type }) => type === 'error')
  return events.slice(last).map((event, at) => Object.assign({}, event, { sequence_number: from + at }))
}

async function* each(events: readonly ResponseEvent[]): AsyncGenerator<ResponseEvent> {
  yield* events
}

const noNumber = (after: number | null, count: number): ServiceError =>
  new ServiceError('invalid-request', `starting_after: there is no event ${after}; the last one is ${count - 1}.`, {
    parameter: 'starting_after',
  })

export const noResponse = (): ServiceError =>
  new ServiceError('not-found', 'There is no such response.', { parameter: 'response_id' })
