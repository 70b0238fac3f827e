import { z } from 'zod'
import type { ClusterClient } from './cluster-client.ts'
import { ClusterRefusal } from './cluster-faults.ts'

/** What the driver asks of the API server, all of it in one namespace: as rules of a Role have it. */
export const driverRights = [
  { group: '', resource: 'pods', verbs: ['create', 'get', 'list', 'watch', 'delete'] },
  // An exec over a WebSocket is a GET, and a creation from Kubernetes 1.35 on.
  { group: '', resource: 'pods', subresource: 'exec', verbs: ['create', 'get'] },
  { group: 'coordination.k8s.io', resource: 'leases', verbs: ['create', 'get', 'list', 'update', 'delete'] },
] as const

const reviewShape = z.object({ status: z.object({ allowed: z.boolean() }) })

/**
 * Rights that these credentials lack, as `create pods/exec`. Anybody may ask about their own; where that is forbidden all
 * the same, what follows tells.
 */
export async function missingRights(
  client: ClusterClient,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const asked = driverRights.flatMap(({ verbs, ...what }) => verbs.map((verb) => ({ ...what, verb })))
  const answers = await Promise.all(
    asked.map(async (resourceAttributes) => {
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: Object.assign({ namespace }, resourceAttributes) },
      }
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
      try {
        return reviewShape.parse(await client.call({ method: 'POST', path, body }, signal)).status.allowed
      } catch (thrown) {
        if (thrown instanceof ClusterRefusal && thrown.status === 403) return true
        throw thrown
      }
    }),
  )
  return asked.flatMap((each, index) => {
    const part = 'subresource' in each ? `/${each.subresource}` : ''
    return answers[index] === true ? [] : [`"${each.verb} ${each.resource}${part}"`]
  })
}
