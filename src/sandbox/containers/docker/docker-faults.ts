import { ServiceError } from '../../../core/errors.ts'

interface DockerFault {
  readonly statusCode?: number
  readonly code?: string
  readonly message?: string
}

export function statusOf(thrown: unknown): number | undefined {
  return (thrown as DockerFault | null)?.statusCode
}

/** Does nobody listen at the socket, or may this user not open it? */
export function isUnreachable(thrown: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED', 'EACCES', 'EPERM'].includes((thrown as DockerFault | null)?.code ?? '')
}

const unreachable = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EACCES', 'EPERM'])

/** What Docker or its socket threw, as a fault people can act on. Aborts pass through. */
export function toDockerFault(thrown: unknown, doing: string): Error {
  if (thrown instanceof ServiceError) return thrown
  if (thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'TimeoutError')) return thrown
  const { statusCode, code, message = String(thrown) } = (thrown ?? {}) as DockerFault
  if (code === 'EACCES' || code === 'EPERM') {
    return new ServiceError('sandbox-unavailable', `Docker's socket may not be opened by this user (${code})`, {
      cause: thrown,
      advice: 'Add the user to the group "docker", or run as one that may use Docker.',
    })
  }
  if (code !== undefined && unreachable.has(code)) {
    return new ServiceError('sandbox-unavailable', `Docker does not answer (${code}) while ${doing}`, {
      cause: thrown,
      advice: 'Start Docker; "sallyport doctor --fix" installs and starts it.',
    })
  }
  if (statusCode === 404 && /no such image/i.test(message)) {
    return new ServiceError('sandbox-unavailable', 'The sandbox image is not on this host', {
      cause: thrown,
      advice: 'Run "sallyport doctor --fix": it builds the image.',
    })
  }
  if (/runtime/i.test(message) && /(unknown|invalid|not found)/i.test(message)) {
    return new ServiceError('sandbox-unavailable', 'gVisor is not registered with Docker under the configured name', {
      cause: thrown,
      advice: 'Run "sallyport doctor --fix": it installs runsc and registers it.',
    })
  }
  return new ServiceError('sandbox-unavailable', `Docker failed while ${doing}: ${message.slice(0, 300)}`, {
    cause: thrown,
  })
}
