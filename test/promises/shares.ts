import type { Promises } from '../requirements.ts'

/** What docs/shares.md promises. */
export const sharesPromises = {
  'docs/shares.md#what-it-shows': {
    'shares.anew':
      'A share has nothing that its audience’s own gate, masks, rules and filter profile would not let them read, nor what a model wrote after it had read such a thing; it does not change afterwards.',
    'shares.figures':
      'A figure of a shared answer leads to its cell in the share where all that it rests on is there, and is told of in no other case.',
    'shares.no-restored-values': 'A value that was restored for the author of a share is a token in it for good.',
  },
  'docs/shares.md#who-opens-it': {
    'shares.links':
      'A share opens for its group or by the secret of its link alone, until it is revoked, expires or goes with its conversation.',
    'shares.sealed': 'A share is kept sealed, and opens for no other audience and no longer than it was made for.',
    'shares.two-users':
      'Of two callers of one installation neither sees, changes or ends sessions, files, conversations, runs, shares or approvals of the other.',
  },
  'docs/shares.md#what-operators-do': {
    'shares.operators':
      'Operators see who gave what kind of share to whom, and end any of them; a title is read, and a share ended, only where the trail has it before.',
  },
  'docs/web.md#sharing': {
    'web.share':
      'A share is made from the page of its conversation by keyboard; its link opens for a stranger, sends its secret to nobody but the service in a body, and opens no more once it is revoked.',
  },
} satisfies Promises
