import { z } from 'zod'
import { Secret } from '../core/secret.ts'
import { priceOptions } from './price-options.ts'

const second = 1000

/** Settings of the language model, as they stand under `model:` in the configuration. */
export const modelOptions = z
  .strictObject({
    provider: z
      .enum(['auto', 'demo', 'openai'])
      .default('auto')
      .describe(
        'openai: any OpenAI-compatible endpoint. demo: scripted answers over the sample data. auto: openai when base_url, api_key or name is set, else demo.',
      ),
    base_url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address of the endpoint up to and including /v1. Without it: https://api.openai.com/v1.'),
    api_key: z
      .string()
      .min(1)
      .transform((value) => new Secret(value))
      .optional()
      .describe('Key of the endpoint; local endpoints usually need none.'),
    name: z.string().min(1).optional().describe('Name of the model as the endpoint knows it.'),
    timeout_ms: z
      .number()
      .int()
      .positive()
      .max(3600 * second)
      .default(60 * second)
      .describe('How long the endpoint may take to begin its response, per attempt.'),
    idle_timeout_ms: z
      .number()
      .int()
      .positive()
      .max(3600 * second)
      .default(60 * second)
      .describe('How long a response that has begun may stay silent.'),
    retries: z
      .number()
      .int()
      .min(0)
      .max(10)
      .default(2)
      .describe('Further attempts after 408, 409, 429, 5xx or a failed connection; Retry-After is honoured.'),
    price: priceOptions.optional(),
    max_output_tokens: z.number().int().positive().default(8192).describe('Most tokens a model may write per turn.'),
    output_token_field: z
      .enum(['auto', 'max_tokens', 'max_completion_tokens'])
      .default('auto')
      .describe(
        'Member of the request that carries max_output_tokens. auto: max_completion_tokens for api.openai.com, else max_tokens.',
      ),
    context_tokens: z
      .number()
      .int()
      .positive()
      .optional()
      .describe(
        'Context window of the model, where it is not one of the known ones; a longer conversation is shortened to fit.',
      ),
  })
  .describe('The language model that plans the work.')

export type ModelOptions = z.infer<typeof modelOptions>
