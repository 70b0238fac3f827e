import type { ErrorFacts } from './error-facts.ts'

/** What filters of content refuse: its rows of the table of errors. */
export const contentErrors = {
  'content-blocked': {
    status: 400,
    retryAfterSeconds: null,
    audience: 'caller',
    title: 'Blocked by a content filter',
    advice: 'Say it otherwise, or ask the operator about the filter profile of your group.',
    exitCode: 3,
    openaiCode: 'content_filter',
  },
} as const satisfies Readonly<Record<string, ErrorFacts>>
