import { ServiceError } from '../../../core/errors.ts'
import type { AdmittedCall, CallFacts, UpstreamAnswer } from '../../../core/model-call.ts'
import type { Route } from '../../../models/routing/routes.ts'
import { chatCompletions } from '../../apis/chat-completions.ts'
import { attemptCall, type AttemptsContext } from '../../calls/attempts/attempt-call.ts'
import { screenAnswer } from '../../calls/screen-answer.ts'
import type { Moderation } from '../../moderate/moderation.ts'
import type { MaskedCall, Privacy } from '../../privacy/privacy.ts'
import { Judge } from './judge.ts'
import type { JudgeOptions } from '../../options.ts'

export interface AskJudgeParts {
  readonly options: JudgeOptions
  /** The call whose answer is judged: the judge is asked for its caller, with what is hidden for them and what they may use. */
  readonly call: AdmittedCall
  readonly routes: ReadonlyMap<string, Route>
  readonly privacy: Pick<Privacy, 'mask'>
  readonly moderation: Moderation
  readonly dispatch: (call: MaskedCall, signal: AbortSignal) => Promise<UpstreamAnswer>
  /** Of the attempts at the call: one more of them, held and charged as they are. */
  readonly context: AttemptsContext
  /** Is the call carried by somebody else, who would carry the question of the judge as well? It is not asked then. */
  readonly asksOnce: boolean
}

/** A judge that is asked at an upstream of the configuration. */
export function judgeFor({ options, ...parts }: AskJudgeParts): Judge {
  return new Judge(options, (body) => ask(body, { options, ...parts }))
}

async function ask(body: Buffer, parts: AskJudgeParts): Promise<Buffer> {
  const { options, call, routes, privacy, moderation, dispatch, context, asksOnce } = parts
  const targets = routes.get(options.model)?.targets
  if (asksOnce) throw new ServiceError('model-unavailable', 'No judge is asked about calls that others carry.')
  if (targets === undefined) throw new ServiceError('internal', 'The judge is no model of the configuration.')
  const late = AbortSignal.timeout(options.deadline_ms)
  const signal = AbortSignal.any([context.signal, late])
  const facts: CallFacts = {
    model: options.model,
    streamed: false,
    outputTokens: options.maximum_tokens,
    hostedTools: [],
    ids: [],
    itemIds: [],
  }
  const { givenTokens: _given, ...common } = call
  const asked: AdmittedCall = {
    ...common,
    api: 'chat-completions',
    path: '/chat/completions',
    headers: ['content-type', 'application/json'],
    body,
    facts,
    candidates: targets,
    target: targets[0],
  }
  try {
    const passed = await moderation.of(asked)?.input(signal)
    const masked = await privacy.mask(passed === undefined ? asked : { ...asked, body: passed }, signal)
    const answer = await attemptCall(masked, {
      ...context,
      options: { ...context.options, retries: 0, recovery: 'stream' },
      another: 'The answer was to be judged',
      signal,
      onAttempt: () => undefined,
      onPassedOver: () => undefined,
      send: async ({ call: sent, meter }) =>
        screenAnswer(await dispatch(sent, signal), {
          api: chatCompletions,
          facts,
          method: 'POST',
          keep: async () => undefined,
          meter,
        }),
    })
    if (Buffer.isBuffer(answer.body)) return answer.body
    answer.leave()
    throw new ServiceError('internal', 'The judge answered with a stream.')
  } catch (thrown) {
    context.signal.throwIfAborted()
    if (late.aborted) throw new ServiceError('model-timeout', 'The judge did not answer in time.', { cause: thrown })
    throw thrown
  }
}
