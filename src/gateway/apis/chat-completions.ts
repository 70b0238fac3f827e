import { usageFrom, isObject, type ApiDescription } from './api.ts'
import { hostedTools, neededForExtensions } from './hosted-tools.ts'
import { elementsOf, mostTokens, optionalFlag, reachOf, requiredElements, requiredText } from './members.ts'

/** Tools that the client runs: the model only asks for them. */
const clientRun = /^(?:function|custom)$/

const finished = /"finish_reason"\s*:\s*"|^data: ?\[DONE\]/m

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
  endsStream: (events) => finished.test(events),
  mayKeep: (events) => events.includes('"audio"'),
}
