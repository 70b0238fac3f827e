import type { Promises } from '../requirements.ts'

/** What docs/web.md promises of the app for browsers. */
export const webPromises = {
  'docs/web.md#what-is-shown-is-text': {
    'web.visible-text':
      'Characters that hide, or that turn others round, are shown as what they are, in whatever place a value is seen.',
    'web.visible-links': 'A link leads to an absolute address of the web or of mail and says where, or it is text.',
  },
  'docs/web.md#what-it-weighs': {
    'web.first-load': 'Each page is seen after 150 kB of compressed script at most; what draws charts comes later.',
  },
} as const satisfies Promises
