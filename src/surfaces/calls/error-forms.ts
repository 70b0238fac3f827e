import type { Problem } from '../../http/problem.ts'
import { toAnthropicError } from '../anthropic/error-body.ts'
import { toRpcError } from '../mcp/rpc-error.ts'

/** How the clients of an API read errors: as the body of a response, and in the middle of a stream. */
export interface ErrorForm {
  readonly body: (problem: Problem) => object
  readonly event: (problem: Problem) => string
}

const openai: ErrorForm = {
  body: (problem) => problem,
  // Their clients read this in a stream of any length; an event with a name of its own breaks some.
  event: ({ error }) => `data: ${JSON.stringify({ error })}\n\n`,
}

const responses: ErrorForm = {
  body: (problem) => problem,
  event: ({ error: { code, message, param } }) =>
    `event: error\ndata: ${JSON.stringify({ type: 'error', code, message, param })}\n\n`,
}

const anthropic: ErrorForm = {
  body: toAnthropicError,
  event: (problem) => `event: error\ndata: ${JSON.stringify(toAnthropicError(problem))}\n\n`,
}

const mcp: ErrorForm = {
  body: toRpcError,
  event: (problem) => `data: ${JSON.stringify(toRpcError(problem))}\n\n`,
}

/** By the path that was asked, so that a fault before anything was read has the right form, too. */
export function errorFormOf(path: string): ErrorForm {
  if (path === '/mcp') return mcp
  if (/^\/v1\/messages(?:\/|$)/.test(path)) return anthropic
  return /^\/v1\/responses(?:\/|$)/.test(path) ? responses : openai
}
