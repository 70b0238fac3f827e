import { describe, expect, it } from 'vitest'
import { apis } from '../../src/gateway/apis/apis.ts'
import type { ApiDescription } from '../../src/gateway/apis/api.ts'
import { textMembersOf, type ApiMember } from '../support/http/api-members.ts'
import { verifies } from '../support/verifies.ts'

/** Types of the bodies of each API, in every version of it that the client has. */
const bodies: readonly (readonly [api: ApiDescription, client: string, roots: Record<string, readonly string[]>])[] = [
  [apis['chat-completions'], 'openai', { 'chat/completions/completions.d.ts': ['ChatCompletionCreateParamsBase'] }],
  [
    apis.responses,
    'openai',
    {
      'responses/responses.d.ts': ['ResponseCreateParamsBase'],
      'beta/responses/responses.d.ts': ['ResponseCreateParamsBase'],
    },
  ],
  [apis.embeddings, 'openai', { 'embeddings.d.ts': ['EmbeddingCreateParams'] }],
  [
    apis.messages,
    '@anthropic-ai/sdk',
    {
      'messages/messages.d.ts': ['MessageCreateParamsBase'],
      'beta/messages/messages.d.ts': ['MessageCreateParamsBase'],
    },
  ],
  [
    apis['token-counts'],
    '@anthropic-ai/sdk',
    {
      'messages/messages.d.ts': ['MessageCountTokensParams'],
      'beta/messages/messages.d.ts': ['MessageCountTokensParams'],
    },
  ],
]

/** Members that name something by an id and need no owner, with the reason; by the end of their path. */
const ownerless: readonly (readonly [end: RegExp, reason: string])[] = [
  [
    /(?:^|\.)(?:call_id|tool_call_id|tool_use_id|caller_id|tool_id)$/,
    'pairs a call of a tool with its result in the same conversation',
  ],
  [/tool_calls\[\]\.id$/, 'pairs a call of a tool with its result in the same conversation'],
  [/^messages\[\]\.content\[\]\.id$/, 'pairs the use of a tool with its result in the same conversation'],
  [/_safety_checks\[\]\.id$/, 'repeats a check that stands in the same conversation'],
  [/(?:tab|download)_id$/, "is the caller's own name for what its browser shows"],
  [/^(?:user|safety_identifier|metadata\.user_id)$/, "is the caller's own name for its user"],
  [/^(?:user_profile_id|workspace_id)$/, 'is sent as a header, and the list of headers does not have it'],
  [/^audio\.voice$/, 'is the name of a voice that is there for all; one of its own has an object with an id'],
]

const isNamedLikeAnId = ({ path }: ApiMember): boolean => /(?:^|[._\]])ids?$/.test(path)
const isCalledAnId = ({ said }: ApiMember): boolean => /\b(?:IDs?|identifiers?)\b/i.test(said)

const canary = 'id_canary'

/** What becomes of an id in this member: does somebody have to own it? */
function isOwned(api: ApiDescription, { requestWith }: ApiMember): boolean {
  const { ids, itemIds } = api.factsOf({ model: 'm', ...requestWith(canary) })
  return [...ids, ...itemIds].some(({ name }) => name === canary)
}

const requests = bodies.map(([api, client, roots]) => ({ api, members: textMembersOf(client, roots) }))

describe.each(requests)('every member of a request for $api.name', ({ api, members }) => {
  const named = members.filter((member) => isNamedLikeAnId(member) || isCalledAnId(member))

  it('that names something by an id, by the types of its client, has an owner or a reason why it needs none', () => {
    verifies('models.own-ids')
    expect(named).not.toEqual([])
    const loose = named.filter((member) => !isOwned(api, member) && !ownerless.some(([end]) => end.test(member.path)))
    expect(loose.map(({ name, path, said }) => `${name} at ${path}: ${said.slice(0, 120)}`)).toEqual([])
  })
})

describe('the reasons', () => {
  it('are each for a member that there is, and none of them for one that has an owner', () => {
    const all = requests.flatMap(({ api, members }) => members.map((member) => ({ api, member })))
    for (const [end, reason] of ownerless) {
      const ends = all.filter(({ member }) => end.test(member.path))
      expect([reason, ends.length > 0]).toEqual([reason, true])
      expect([reason, ends.filter(({ api, member }) => isOwned(api, member)).map(({ member }) => member.path)]).toEqual(
        [reason, []],
      )
    }
  })
})
