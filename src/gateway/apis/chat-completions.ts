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

const done = /^data: ?\[DONE\]/m
const finished = /"finish_reason"\s*:\s*"/

/** `[DONE]`, which many endpoints leave out, or a reason to finish for each of so many choices. */
function endOf(choices: number): StreamEnd {
  const over = new Set<unknown>()
  return (events, read) => {
    if (done.test(events)) return true
    if (!finished.test(events)) return false
    for (const data of read())
      for (const [choice] of elementsOf(data['choices'], 'choices'))
        if (typeof choice['finish_reason'] === 'string') over.add(choice['index'] ?? 0)
    return over.size >= choices
  }
}

/** How many answers a request asks for at once. */
const choicesOf = ({ n }: JsonObject): Pick<CallFacts, 'choices'> =>
  typeof n === 'number' && n > 1 ? { choices: n } : {}

/** Anything but whose turn it is. */
function bringsSomething(choice: unknown): boolean {
  if (!isObject(choice)) return false
  const { delta, finish_reason: reason, text } = choice
  if (typeof reason === 'string' || holdsSomething(text)) return true
  if (!isObject(delta)) return false
  for (const name in delta) if (name !== 'role' && holdsSomething(delta[name])) return true
  return false
}

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
  hasContent: ({ choices }) => Array.isArray(choices) && choices.some(bringsSomething),
  failureOf: ({ error, choices }) =>
    failureFrom(error) ?? (Array.isArray(choices) && choices.some(brokeOff) ? { type: null, code: null } : null),
  mayKeep: (events) => events.includes('"audio"'),
}
