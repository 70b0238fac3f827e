import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { KeyScope } from '../core/key-scopes.ts'

export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  readonly path: string
  /** `open` routes say nothing about anyone; those of a scope want a key that has it, those of `key` any. */
  readonly access: 'open' | 'key' | KeyScope
  readonly handlers: readonly (RequestHandler | ErrorRequestHandler)[]
  /** Is `HEAD` answered as `GET` is, without its body? Where an upstream is asked, that would be for nothing. */
  readonly hasHead?: boolean
  /** Does it only say why there is nothing? It is no method that the address takes, then. */
  readonly isServed?: boolean
}
