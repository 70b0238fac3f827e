import type { Promises } from '../requirements.ts'

/** What docs/actions.md promises. */
export const actionsPromises = {
  'docs/actions.md#declaring-tools': {
    'actions.declarations':
      'A declaration that names a parameter which its tool does not have is an error when the configuration is read.',
    'actions.tools-file':
      'Declarations in a file count as those beside it; a tool in both, or a file that cannot be read, is an error with its place.',
  },
  'docs/actions.md#who-has-written-what': {
    'actions.roles':
      'Steps and recipients come of what people have written; what tools and models have said adds none.',
    'actions.system-messages': 'System messages stand for names, for steps or for nothing, as the operator says.',
  },
  'docs/actions.md#asking-about-one-call': {
    'actions.check':
      'A call is allowed, asked about with its values on display, or refused, with the rule and a sentence.',
    'actions.explain': 'The command line says the same of a request in a file, here or by a running service.',
    'actions.trail': 'Each decision is on the audit trail, by ids and origins, without a word of the conversation.',
  },
  'docs/actions.md#in-front-of-models': {
    'actions.pass-through':
      'Of an answer that is passed on, whole or streamed, a call that may not run is a sentence, and all else is there.',
    'actions.asks':
      'A call that a person has to confirm is asked about at the desk, and says what waits where nobody decides.',
    'actions.rules':
      'Rules in Rego are asked about each call besides, and may refuse it or want a person; without their decision it is held.',
    'actions.shadow': 'In shadow mode nothing is held, and the trail says what would have been.',
    'actions.whole':
      'No part of a call leaves before it is whole and decided, however its stream is cut; texts flow on.',
  },
} as const satisfies Promises
