import type { CallFacts } from '../../core/model-call.ts'
import { usageFrom, isObject, type ApiDescription, type JsonObject, type StreamEnd } from './api.ts'
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
  mayKeep: (events) => events.includes('"audio"'),
}
