import type { OperatorRoutes } from './generated/operators.ts'
import { operatorPath, type Filling, type OperatorRoute } from './operator-path.ts'
import { getJson, sendJson } from './request.ts'

export type AnswerOf<Route extends OperatorRoute> = OperatorRoutes[Route]['answer']

/** What a route is asked with: what it takes as its query and its body. */
type Asked<Route extends OperatorRoute> = Omit<Filling, 'query'> & {
  readonly signal?: AbortSignal
} & (OperatorRoutes[Route]['query'] extends null ? {} : { readonly query?: OperatorRoutes[Route]['query'] }) &
  (OperatorRoutes[Route]['body'] extends null ? {} : { readonly body: OperatorRoutes[Route]['body'] })

/** Asks a route for operators. Rejects with ProblemError as every call does. */
export async function askOperators<Route extends OperatorRoute>(
  route: Route,
  asked: Asked<Route>,
): Promise<AnswerOf<Route>> {
  const { signal, body, ...filling } = asked as Filling & { readonly signal?: AbortSignal; readonly body?: unknown }
  const { method, path } = operatorPath(route, filling)
  if (method === 'GET') return await getJson<AnswerOf<Route>>(path, { signal })
  return await sendJson<AnswerOf<Route>>(method as 'POST' | 'DELETE', path, body, { signal })
}
