import type { Promises } from '../requirements.ts'

/** What docs/upstreams.md promises. */
export const upstreamsPromises = {
  'docs/upstreams.md#the-document': {
    'endpoints.unfit-document':
      'A document that an endpoint cannot be guarded by is refused at the start, with where and why; none is fetched.',
    'endpoints.versions': 'A schema is read as the version of its document means it.',
    'endpoints.linear-patterns': 'A pattern of a document takes time in proportion to the text.',
    'endpoints.parameters': 'A parameter goes on in one spelling, after its schema has seen what it means.',
    'endpoints.config-check': 'sallyport config check reads the documents of endpoints and lists their operations.',
  },
} as const satisfies Promises
