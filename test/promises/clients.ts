import type { Promises } from '../requirements.ts'

/** What docs/clients.md promises. */
export const clientsPromises = {
  'docs/clients.md#hosts-of-the-model-context-protocol': {
    'mcp.blocks': 'A host that is configured as the page says reaches the tools.',
    'mcp.eras': 'Clients of both eras of the protocol, and of the generation before, are served at one address.',
    'mcp.granted':
      'Tools that a key or its group may not use are not listed, and are refused and written down where they are called.',
    'mcp.audit': 'Every call of a tool is on the audit trail.',
    'mcp.challenge': 'A request without a key is told where tokens are given, where some are taken.',
    'mcp.origins': 'Other names in Host and Origin than those that are allowed are refused.',
    'mcp.batches': 'A batch is refused.',
    'mcp.long-results': 'A result of more than 10,000 tokens comes as a part and a link that is its caller’s alone.',
    'mcp.sessions': 'A session of another caller is not there.',
    'mcp.cancel': 'Cancelling a call ends what runs for it.',
    'mcp.progress': 'A call that takes long tells that it goes on.',
    'mcp.data': 'Results say that they are data, and a refusal stands alone.',
    'mcp.conformance': 'The conformance suite passes all that both revisions require.',
  },
} as const satisfies Promises
