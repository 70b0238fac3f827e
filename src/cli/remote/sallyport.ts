import { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'
import type { AgentEvent } from '../../core/events.ts'
import { GatheredBytes } from '../../core/gathered-bytes.ts'
import { ownModel } from '../../core/own-model.ts'
import type { Received } from '../../core/request.ts'
import type { Run } from '../../core/conversations.ts'
import type { StatementAnswer, StatementExplanation } from '../../core/statement.ts'
import { sqlAnswer, sqlVerdict } from '../../surfaces/wire/sql.ts'
import type { ExplainStatement } from '../approval-question.ts'
import type { ChatSallyport } from '../chat/chat-parts.ts'
import type { AttachedFile } from '../../service/attached-file.ts'
import type { AnswerOptions } from '../../service/sallyport.ts'
import type { RunningService } from '../running-service.ts'
import { RemoteApprovals } from './approvals.ts'
import { RemoteContainer } from './container.ts'
import { readAs } from './read-as.ts'
import { eventData, ResponseReader, type CitedFile } from './response-events.ts'

const madeObject = z.looseObject({ id: z.string().regex(/^\w+(?:-\w+)*$/) })
const modelList = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) })

/** The most of one file of an answer that is fetched, in bytes. */
const largestFile = 64 * 1024 * 1024

/** How long a call waits for the person here, milliseconds: the longest that a service lets one wait. */
const patience = 600_000

export interface RemoteSallyport extends ChatSallyport {
  changeModel(name: string, signal: AbortSignal): Promise<void>
  /** Sends files to where the programs of a session run, as the next question in it would. */
  bring(files: readonly AttachedFile[], sessionId: string, signal: AbortSignal): Promise<void>
}

/**
 * A service that runs elsewhere, asked with a key over OpenAI Responses: its gate, sandboxes and filters, its conversations. Whatever it sends is shown
 * as what a stranger sends.
 */
export function createRemoteSallyport(service: RunningService): RemoteSallyport {
  let model: string = ownModel
  const held = new RemoteContainer(service)
  const make = async (title: string, signal: AbortSignal) =>
    readAs(madeObject, await service.post('/v1/conversations', { title }, signal)).id
  const explainSql: ChatSallyport['explainSql'] & {} = async (statement, { source }, signal) => {
    const body = { statement, ...(source === null ? {} : { source }) }
    return toExplanation(readAs(sqlVerdict, await service.post('/v1/sql/check', body, signal)))
  }
  const answer = async function* (
    received: Received,
    { files, approver }: Pick<AnswerOptions, 'files' | 'approver'>,
    caller: AbortSignal,
  ): AsyncGenerator<AgentEvent> {
    const left = new AbortController()
    const signal = AbortSignal.any([caller, left.signal])
    const leaving = (reason: ServiceError) => left.abort(reason)
    const explain: ExplainStatement = (statement, source, ended) => explainSql(statement, { source }, ended)
    const desk = approver === undefined ? null : new RemoteApprovals({ service, approver, explain, leave: leaving })
    const { keep, dataSource, sessionId, maximumCost, approvals, replays } = received
    const container = sessionId === null ? null : await held.with(sessionId, files, signal)
    const known = replays ?? keep?.conversation ?? null
    const conversation = known ?? (await make(keep?.words?.title ?? '', signal))
    const asked = { model: dataSource === null ? model : `${ownModel}:${dataSource}`, stream: true }
    const question = {
      ...asked,
      input: received.messages.at(-1)?.content ?? '',
      conversation,
      ...(container === null ? {} : { tools: [{ type: 'code_interpreter', container }] }),
      ...(maximumCost === undefined ? {} : { max_cost: maximumCost }),
    }
    const waiting = desk === null ? {} : { approvals: { calls: approvals?.calls ?? 'rules', wait_ms: patience } }
    const path = replays === undefined ? '/v1/responses' : `/v1/conversations/${replays}/replay`
    const body = { ...(replays === undefined ? question : { ...asked, container }), ...waiting }
    const reader = new ResponseReader(() => performance.now())
    try {
      const response = await service.open({ method: 'POST', path, body }, signal)
      let end: AgentEvent | null = null
      for await (const data of eventData(response.body ?? emptyBody())) {
        const wasBegun = reader.run !== null
        const events = reader.take(data)
        if (!wasBegun && reader.run !== null) keep?.onRun?.({ id: reader.run, conversation } as Run)
        for (const id of reader.awaited.splice(0)) desk?.ask(id, signal)
        if (events.length > 0) await desk?.settle()
        for (const event of events) {
          if (event.type === 'end') end = event
          else yield event
        }
      }
      if (end === null) throw new ServiceError('service-unavailable', 'The service broke the answer off')
      yield* fetchFiles(service, reader.files, signal)
      yield end
    } catch (thrown) {
      // The container is over, or the conversation is gone: whoever goes on finds another container.
      const isGone = thrown instanceof ServiceError && thrown.code === 'not-found'
      if (reader.run === null && isGone) await held.close()
      throw left.signal.aborted && !caller.aborted ? left.signal.reason : thrown
    } finally {
      await desk?.settle()
      // Of a conversation that did not begin nothing stays.
      if (reader.run === null && known === null) await leave(conversation)
    }
  }
  /** What cannot be deleted now is an empty conversation, which ends by its age. */
  const leave = async (conversation: string): Promise<void> => {
    const signal = AbortSignal.timeout(2_000)
    await service.ask('DELETE', `/v1/conversations/${conversation}`, signal).catch(() => undefined)
  }
  return {
    model: () => ({ id: model, scripted: false, questions: [] }),
    answer,
    saysDoubts: true,
    runSql: async (statement, { source }, signal) => {
      const body = { statement, ...(source === null ? {} : { source }) }
      // It may take as long as the source lets it.
      const response = await service.open({ method: 'POST', path: '/v1/sql', body }, signal)
      return statementAnswer(readAs(sqlAnswer, await response.json().catch(() => null)))
    },
    explainSql,
    describeSource: () =>
      Promise.reject(
        new ServiceError('invalid-request', 'A service describes its sources to its analyst alone', {
          advice: 'Ask what the data holds; /model lists the sources.',
        }),
      ),
    async changeModel(name, signal) {
      const { data } = readAs(modelList, await service.ask('GET', '/v1/models', signal))
      const names = data.map(({ id }) => id).filter((id) => id === ownModel || id.startsWith(`${ownModel}:`))
      if (!names.includes(name)) {
        throw new ServiceError('model-not-found', `There is no such model here; there are: ${names.join(', ')}`)
      }
      model = name
    },
    bring: async (files, sessionId, signal) => void (await held.with(sessionId, files, signal)),
    [Symbol.asyncDispose]: () => held.close(),
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

/** Files of an answer; one that cannot be had now is linked in its words all the same. */
async function* fetchFiles(
  service: RunningService,
  files: readonly CitedFile[],
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  for (const { container, id, name } of files) {
    if (![container, id].every((part) => /^\w{1,100}$/.test(part))) continue
    const path = `/v1/containers/${container}/files/${id}/content`
    const response = await service.open({ method: 'GET', path, body: null }, signal).catch(() => null)
    const bytes = response === null ? null : await bytesOf(response)
    if (response === null || bytes === null) continue
    const content = bytes.toString('base64')
    const [mediaType = ''] = (response.headers.get('content-type') ?? 'application/octet-stream').split(';')
    yield { type: 'artifact', artifact: { name, mediaType, content } }
  }
}

/** Null for a file that is too large, whatever is said of its size before it comes. */
async function bytesOf({ body }: Response): Promise<Buffer | null> {
  const bytes = new GatheredBytes()
  for await (const piece of body ?? emptyBody()) {
    bytes.add(Buffer.from(piece))
    // Leaving the loop ends the answer.
    if (bytes.length > largestFile) return null
  }
  return bytes.together()
}

function statementAnswer(rows: z.output<typeof sqlAnswer>): StatementAnswer {
  const { columns, rows: values, truncated, as_of, lag_ms, lag_estimated, duration_ms, findings, canonical } = rows
  return {
    kind: 'result',
    source: rows.source,
    ranIn: `${rows.source} of the service`,
    canonical: canonical ?? null,
    result: {
      columns,
      rows: values,
      truncated: truncated === 'rows' || truncated === 'bytes' ? truncated : null,
      asOf: new Date(as_of),
      lagMilliseconds: lag_ms,
      lagEstimated: lag_estimated,
      milliseconds: duration_ms,
      findings,
    },
  }
}

/** A service tells no caller what its planner expects: that would say something of rows that nobody may see. */
function toExplanation({ verdict, findings, ...facts }: z.output<typeof sqlVerdict>): StatementExplanation {
  const [first, ...others] = findings
  if (verdict === 'refuse' && first !== undefined) return { kind: 'refused', findings: [first, ...others] }
  const { relations = [], columns = [], functions = [], canonical = null, masks = [], row_limit: rowLimit = 0 } = facts
  return { kind: 'accepted', value: { relations, columns, functions, canonical, masks, rowLimit, estimate: null } }
}
