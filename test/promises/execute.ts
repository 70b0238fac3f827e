import type { Promises } from '../requirements.ts'

/** What docs/execute.md promises. */
export const executePromises = {
  'docs/execute.md#programs-of-ones-own': {
    'execute.runs': 'A program runs in a sandbox, which ends with the request that names no session.',
    'execute.refused': 'What a validator refuses is not run, and is a problem with findings.',
    'execute.sessions': "Another caller's session is as one that never was.",
    'execute.lost': 'An answer says what is gone where the sandbox of its session was lost before.',
    'execute.leaving': 'Closing the connection ends the program.',
  },
  'docs/execute.md#streams': {
    'execute.streams': 'What a program says is told as it comes, and the result last.',
    'execute.held': 'No value leaves in pieces that a filter would have replaced whole.',
  },
  'docs/execute.md#repeating': {
    'execute.once': 'A request with an idempotency key is done once, and repeated it has the same answer.',
    'execute.once-anywhere':
      'Where several replicas serve, a request with an idempotency key is done by one of them: others say which one has it, or that its answer is lost.',
    'execute.other-body': 'With another body the key is refused.',
  },
  'docs/execute.md#the-document': {
    'execute.document': 'The document has every route that the service answers.',
  },
  'docs/execute.md#browsers-and-proxies': {
    'execute.origins': 'Pages of origins that are not listed may read nothing.',
    'execute.base-path': 'Below a path of a proxy the service answers there, and its addresses say so.',
  },
} as const satisfies Promises
