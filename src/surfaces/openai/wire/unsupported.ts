import { z } from 'zod'

const neverCalled = 'must be "none" or "auto": the tools are the service\'s own, and it calls them itself'

const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0)
const isTextFormat = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'text'
const isTextOnly = (value: unknown): boolean => Array.isArray(value) && value.every((one) => one === 'text')

/** Any value that asks for what is done anyway; the member itself is what an error names, not a part of it. */
export function neutral(isNeutral: (value: unknown) => boolean, error: string) {
  const isFine = (value: unknown): boolean => value === null || value === undefined || isNeutral(value)
  return z.unknown().refine(isFine, { error }).optional()
}

/**
 * Members of OpenAI's that change the form of an answer and cannot be honoured here. A caller who relies on one would
 * misread what comes, so each is refused by its name unless it asks for what is done anyway.
 */
export const unsupportedMembers = {
  n: z.literal(1, { error: 'must be 1: there is one answer' }).nullish(),
  response_format: neutral(isTextFormat, 'must be {"type":"text"} or left out: answers are Markdown'),
  tools: z.array(z.unknown()).max(0, { error: "must be empty: the tools are the service's own" }).nullish(),
  functions: z.array(z.unknown()).max(0, { error: "must be empty: the tools are the service's own" }).nullish(),
  tool_choice: z.enum(['none', 'auto'], { error: neverCalled }).nullish(),
  function_call: z.enum(['none', 'auto'], { error: neverCalled }).nullish(),
  logprobs: z.literal(false, { error: 'must be false: there are none' }).nullish(),
  top_logprobs: z.literal(0, { error: 'must be 0: there are none' }).nullish(),
  modalities: neutral(isTextOnly, 'must be ["text"]: answers are text'),
  audio: z.null({ error: 'must be left out: answers are text' }).optional(),
  stop: neutral(isEmpty, 'must be left out: an answer is not cut at a text'),
  web_search_options: z.null({ error: 'must be left out: nothing is looked up on the web' }).optional(),
}

/** Members of an assistant's message that are more than its text: a history of tools that were not called here. */
export const unsupportedHistory = {
  tool_calls: z
    .array(z.unknown())
    .max(0, { error: 'must be left out: tools run on this side, and their history is not taken over' })
    .nullish(),
  function_call: z.null({ error: 'must be left out: tools run on this side' }).optional(),
  audio: z.null({ error: 'must be left out: sound is not read here' }).optional(),
}
