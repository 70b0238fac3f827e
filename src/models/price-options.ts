import { z } from 'zod'
import type { ModelPrice } from '../core/price.ts'

const perMillion = z.int().min(0).max(1_000_000_000_000)
const once = z.int().min(0).max(1_000_000_000)

/** What a model costs, in whole millionths of a currency. */
export const priceOptions = z
  .strictObject({
    input: perMillion.describe('A million input tokens.'),
    cached_input: perMillion.optional().describe('A million input tokens that the provider had in its cache.'),
    cache_write: perMillion.optional().describe('A million input tokens that the provider puts into its cache.'),
    audio_input: perMillion.optional().describe('A million input tokens of sound.'),
    image_input: perMillion.optional().describe('A million input tokens of pictures.'),
    output: perMillion.describe('A million output tokens.'),
    reasoning: perMillion.optional().describe('A million output tokens of reasoning.'),
    audio_output: perMillion.optional().describe('A million output tokens of sound.'),
    image_output: perMillion.optional().describe('A million output tokens of pictures.'),
    request: once.default(0).describe('Each request that is answered.'),
    tools: z
      .record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/), once)
      .default({})
      .describe('Each use of a tool that the provider runs: web_search, file_search, code_interpreter, …'),
    tiers: z
      .record(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/), z.int().min(0).max(10_000))
      .optional()
      .describe(
        'Percent of these prices that a tier of service costs: {flex: 50, priority: 200}; also what speed and inference_geo ask for.',
      ),
  })
  .transform(({ input, output, request, tools, tiers, ...given }): ModelPrice => {
    const parts = Object.fromEntries(Object.entries(given).filter(([, price]) => price !== undefined))
    return { input, output, parts, request, tools, ...(tiers === undefined ? {} : { tiers }) }
  })
  .describe('Millionths of the currency; a part without a price has that of the input or output it is of.')
