import { ServiceError } from '../../../core/errors.ts'

/** What an API server answered in place of what it was asked for: the `Status` object of the Kubernetes API. */
export class ClusterRefusal extends Error {
  /** HTTP status. */
  readonly status: number
  /** One word for machines, such as `NotFound`; empty where there is none. */
  readonly reason: string

  constructor(status: number, reason: string, message: string) {
    super(message)
    this.name = 'ClusterRefusal'
    this.status = status
    this.reason = reason
  }
}

export function isGone(thrown: unknown): boolean {
  return thrown instanceof ClusterRefusal && thrown.status === 404
}

/** Is there no room left in the quota of a namespace? It is looked at last, after all other admission. */
export function isQuotaUsedUp(thrown: unknown): boolean {
  return thrown instanceof ClusterRefusal && /exceeded quota/i.test(thrown.message)
}

const unreachable = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE)$/
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/

/** What is wrong with a cluster, in the order in which it is looked for, and what mends it. */
const refusals: readonly {
  readonly when: (refusal: ClusterRefusal) => boolean
  readonly message: string
  readonly advice: string
}[] = [
  {
    when: ({ status }) => status === 401,
    message: 'The cluster does not know these credentials',
    advice: 'Look at sandbox.kubernetes.kubeconfig and its context; a token there may have expired.',
  },
  {
    when: ({ message }) => /RuntimeClass .*not found/i.test(message),
    message: 'The cluster has no such RuntimeClass',
    advice:
      'Create it ("kubectl apply -k deploy/kubernetes/sandboxes"), or name the one of gVisor in sandbox.kubernetes.runtime_class.',
  },
  {
    when: ({ message }) =>
      /exceeded quota|status unknown for quota|LimitRange|maximum (cpu|memory) usage/i.test(message),
    message: 'The namespace of the sandboxes has no room for another',
    advice: 'Raise its ResourceQuota or LimitRange, or lower sandbox.pool.maximum and sandbox.limits.',
  },
  {
    when: ({ message }) => /ValidatingAdmissionPolicy/.test(message),
    message: 'A policy of the cluster refuses the Pod of a sandbox',
    advice:
      'Where it is that of deploy/kubernetes/sandboxes, something adds to Pods on their way ("kubectl get mutatingwebhookconfigurations"): leave the namespace of the sandboxes out of it. Else change the policy, or leave the namespace out of that.',
  },
  {
    when: ({ message }) => /violates PodSecurity|admission webhook/i.test(message),
    message: 'The cluster does not admit Pods as sandboxes need them',
    advice: 'Look at the policies of admission of the namespace; Pod Security "restricted" admits them.',
  },
  {
    when: ({ status, message }) => status === 404 && /namespaces? /i.test(message),
    message: 'The namespace of the sandboxes is not there',
    advice:
      'Create it ("kubectl apply -k deploy/kubernetes/sandboxes"), or name another in sandbox.kubernetes.namespace.',
  },
  {
    when: ({ status }) => status === 403,
    message: 'The cluster does not allow what a sandbox takes',
    advice: 'Give the service account the rights of deploy/kubernetes/sandboxes in the namespace of the sandboxes.',
  },
  {
    when: ({ status }) => status === 429 || status >= 500,
    message: 'The API server of the cluster has trouble of its own',
    advice: 'It is asked again; look at the control plane where this stays.',
  },
]

/** What a cluster or the way to it threw, as a fault people can act on. Aborts pass through. */
export function toClusterFault(thrown: unknown, doing: string): Error {
  if (thrown instanceof ServiceError) return thrown
  if (thrown instanceof ClusterRefusal) {
    const known = refusals.find(({ when }) => when(thrown))
    const said = `${thrown.status} ${thrown.message.slice(0, 300)}`
    if (known === undefined) return unavailable(`Kubernetes refused ${doing}: ${said}`, { cause: thrown })
    return unavailable(`${known.message} (${doing}: ${said})`, { cause: thrown, advice: known.advice })
  }
  if (thrown instanceof Error && thrown.name === 'AbortError') return thrown
  const { code = '', name = '', message = String(thrown) } = (thrown ?? {}) as Partial<NodeJS.ErrnoException>
  if (name === 'TimeoutError' || unreachable.test(code)) {
    return unavailable(`The API server of the cluster does not answer (${code || 'in time'}) while ${doing}`, {
      cause: thrown,
      advice: 'Look at the address in the kubeconfig and at what stands between; it is asked again.',
    })
  }
  if (untrusted.test(code)) {
    return unavailable(`The API server's certificate is not trusted (${code}) while ${doing}`, {
      cause: thrown,
      advice: 'The kubeconfig has to hold the certificate authority of the cluster.',
    })
  }
  return unavailable(`Kubernetes failed while ${doing}: ${message.slice(0, 300)}`, { cause: thrown })
}

export function unavailable(message: string, details: { cause?: unknown; advice?: string } = {}): ServiceError {
  return new ServiceError('sandbox-unavailable', message, details)
}
