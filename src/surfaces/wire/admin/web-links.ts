import { z } from 'zod'
import { webListeners } from '../../../core/web-sessions.ts'
import { noParams, route } from '../../openapi/contract.ts'

export const makeWebLink = route({
  id: 'web-links.make',
  method: 'post',
  path: '/admin/v1/web-links',
  summary: 'A link that signs one browser in, once; shown this once.',
  params: noParams,
  query: noParams,
  body: z.strictObject({
    listener: z
      .enum(webListeners)
      .default('service')
      .describe('service: the app for whoever asks; operators: the pages of operators, with the scopes of one.'),
  }),
  status: 201,
  answer: z
    .strictObject({
      object: z.literal('web.link'),
      listener: z.enum(webListeners),
      url: z.string().describe('Whoever opens it is signed in: give it to nobody else.'),
      expires_at: z.iso.datetime(),
    })
    .meta({ id: 'WebLink' }),
  errors: [],
  told: ['listener'],
})
