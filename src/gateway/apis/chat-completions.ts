import type { CallFacts } from '../../core/model-call.ts'
import {
  failureFrom,
  holdsSomething,
  isObject,
  usageFrom,
  type ApiDescription,
  type JsonObject,
  type StreamEnd,
} from './api.ts'
import { hostedTools, neededForExtensions } from './hosted-tools.ts'
import { tiersOf } from './tiers.ts'
import { elementsOf, mostTokens, optionalFlag, reachOf, requiredElements, requiredText } from './members.ts'

/** Tools that the client runs: the model only asks for them. */
const clientRun = /^(?:function|custom)$/

/** Has a choice a reason to finish? Some endpoints write an empty one until there is one. */
const isFinished = ({ finish_reason: reason }: JsonObject): boolean => typeof reason === 'string' && reason !== ''

/** A reason to finish for each of so many choices. The mark behind them, which many endpoints leave out, is no reason. */
function endOf(choices: number): StreamEnd {
  const over = new Set<unknown>()
  return (data) => {
    if (data === null) return 'end'
    if (!Array.isArray(data['choices'])) return null
    for (const choice of data['choices'] as readonly unknown[]) {
      if (isObject(choice) && isFinished(choice)) over.add(choice['index'] ?? 0)
    }
    return over.size >= choices ? 'reason' : null
  }
}

/** How many answers a request asks for at once. */
const choicesOf = ({ n }: JsonObject): Pick<CallFacts, 'choices'> =>
  typeof n === 'number' && n > 1 ? { choices: n } : {}

/** Anything but whose turn it is. */
function bringsSomething(choice: unknown): boolean {
  if (!isObject(choice)) return false
  const { delta, text } = choice
  if (isFinished(choice) || holdsSomething(text)) return true
  if (!isObject(delta)) return false
  for (const name in delta) if (name !== 'role' && holdsSomething(delta[name])) return true
  return false
}

/** A whole choice that says it has no reason to finish was put together of a stream that broke off. */
const isWhole = (choice: unknown): boolean =>
  isObject(choice) && isObject(choice['message']) && (choice['finish_reason'] === undefined || isFinished(choice))

/** A router says in the reason to finish that a provider behind it broke off. */
const brokeOff = (choice: unknown): boolean => isObject(choice) && choice['finish_reason'] === 'error'

/** OpenAI Chat Completions, as every OpenAI-compatible endpoint speaks it. */
export const chatCompletions: ApiDescription = {
  name: 'chat-completions',
  kind: 'openai',
  parameters: [],
  factsOf(body) {
    const { ids, itemIds, addresses, definitions } = reachOf(body)
    return {
      model: requiredText(body, 'model'),
      streamed: optionalFlag(body, 'stream'),
      outputTokens: mostTokens(body, ['max_completion_tokens', 'max_tokens']),
      hostedTools: [
        ...hostedTools([...requiredElements(body['tools'], 'tools'), ...definitions], clientRun),
        ...neededForExtensions(body),
        ...addresses,
      ],
      ids,
      itemIds,
      ...choicesOf(body),
      ...tiersOf(body, ['service_tier']),
    }
  },
  usageOf: (data) => usageFrom(data['usage'], 'prompt_tokens', 'completion_tokens'),
  keptIdsOf: (data) =>
    elementsOf(data['choices'], 'choices').flatMap(([{ message, delta }]) =>
      [message, delta].flatMap((part) => {
        const audio = isObject(part) ? part['audio'] : null
        return isObject(audio) && typeof audio['id'] === 'string' ? [audio['id']] : []
      }),
    ),
  streamEnd: ({ choices = 1 }) => endOf(choices),
  isAnswer: ({ choices }) => Array.isArray(choices) && choices.length > 0 && choices.every(isWhole),
  hasContent: ({ choices }) => Array.isArray(choices) && choices.some(bringsSomething),
  failureOf(data) {
    const { error, object, choices } = data
    // vLLM and Mistral have no member of the name around it.
    const failure = failureFrom(error) ?? (object === 'error' ? failureFrom(data) : null)
    return failure ?? (Array.isArray(choices) && choices.some(brokeOff) ? { type: null, code: null } : null)
  },
  mayKeep: (events) => events.includes('"audio"'),
}
