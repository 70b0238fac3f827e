import type { RequestHandler } from 'express'
import type { CheckAction } from '../gateway/check-action.ts'
import type { CheckContent } from '../gateway/check-content.ts'
import { checkAction } from './native/actions.ts'
import { checkContent } from './native/filters.ts'
import type { Route } from './route.ts'

/** What callers can ask about without anything being done. */
export interface CheckUse {
  readonly checkContent: CheckContent
  readonly checkAction: CheckAction
}

/** The routes that say what would be decided. */
export function checkRoutes(use: CheckUse, body: RequestHandler, stopping: AbortSignal): readonly Route[] {
  return [
    {
      method: 'post',
      path: '/v1/filters/check',
      access: 'models',
      handlers: [body, checkContent(use.checkContent, stopping)],
    },
    { method: 'post', path: '/v1/actions/check', access: 'models', handlers: [body, checkAction(use.checkAction)] },
  ]
}
