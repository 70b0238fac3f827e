import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { ServiceError } from '../../../core/errors.ts'

/** How an API server is spoken to. */
export interface ClusterAccess {
  readonly server: URL
  /** As Node's TLS has them. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly servername?: string }
  /** A bearer token as it stands now; null where a certificate says who asks. Tokens of a Pod are renewed in their file. */
  readonly token: () => Promise<string | null>
  /** The namespace that the credentials name, null where they name none. */
  readonly namespace: string | null
}

interface AccessOptions {
  /** Path of a kubeconfig; null for the credentials that Kubernetes puts into a Pod. */
  readonly kubeconfig: string | null
  /** Address of the API server where no kubeconfig names it. */
  readonly server: string
  /** A context of the kubeconfig; null for its current one. */
  readonly context: string | null
  /** Where a Pod has its credentials. */
  readonly accountFolder?: string
}

const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'
const setting = 'sandbox.kubernetes.kubeconfig'

/** Rejects with `invalid-config` where the credentials cannot be read or would have to be trusted without proof. */
export async function openClusterAccess(options: AccessOptions): Promise<ClusterAccess> {
  return options.kubeconfig === null ? accessOfPod(options) : accessOfFile(options.kubeconfig, options.context)
}

async function accessOfPod(options: AccessOptions): Promise<ClusterAccess> {
  const folder = options.accountFolder ?? accountFolder
  const read = async (name: string) => {
    try {
      return await readFile(join(folder, name), 'utf8')
    } catch (cause) {
      throw unusable(
        `none is named, and ${join(folder, name)} of a Pod cannot be read`,
        `Name one in ${setting}, or let the service run in the cluster with a service account.`,
        cause,
      )
    }
  }
  // One behind the other, so that of two that are missing the same one is named each time.
  const ca = await read('ca.crt')
  const namespace = await read('namespace')
  const server = serverOf(options.server)
  return { server, tls: { ca }, token: async () => (await read('token')).trim(), namespace: namespace.trim() }
}

const text = z.string().optional()

const contextShape = z.object({ cluster: z.string(), user: z.string(), namespace: text })

const clusterShape = z.object({
  server: z.url(),
  'certificate-authority': text,
  'certificate-authority-data': text,
  'tls-server-name': text,
  'insecure-skip-tls-verify': z.boolean().optional(),
  'proxy-url': text,
})

const userShape = z.object({
  token: text,
  tokenFile: text,
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  exec: z.unknown().optional(),
  'auth-provider': z.unknown().optional(),
  username: text,
})

/** Members of a kubeconfig that are heeded ("Organizing Cluster Access Using kubeconfig Files"). */
const kubeconfigShape = z.object({
  'current-context': text,
  contexts: z.array(z.object({ name: z.string(), context: contextShape })).nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster: clusterShape })).nullish(),
  users: z.array(z.object({ name: z.string(), user: userShape })).nullish(),
})

async function accessOfFile(named: string, context: string | null): Promise<ClusterAccess> {
  const path = named.startsWith('~/') ? join(homedir(), named.slice(2)) : named
  const file = await readKubeconfig(path)
  const wanted = context ?? file['current-context'] ?? ''
  const found = file.contexts?.find(({ name }) => name === wanted)?.context
  if (found === undefined)
    throw unusable(`it has no context "${wanted}"`, 'Name one of its contexts in sandbox.kubernetes.context.')
  const cluster = file.clusters?.find(({ name }) => name === found.cluster)?.cluster
  if (cluster === undefined) throw unusable(`it has no cluster "${found.cluster}"`, `Mend the context "${wanted}".`)
  const user = file.users?.find(({ name }) => name === found.user)?.user
  if (user === undefined) throw unusable(`it has no user "${found.user}"`, `Mend the context "${wanted}".`)
  refuseUnheeded(cluster, user)
  const server = serverOf(cluster.server)
  // "kubectl proxy" sends its own.
  if (server.protocol === 'https:' && !hasCredentials(user)) {
    throw unusable(
      `its user "${found.user}" has neither a token nor a certificate`,
      'Without one the cluster knows nobody and allows nothing; "kubectl create token" makes one for a service account.',
    )
  }
  /** What stands in the file itself, in base64, else in the file beside it that is named. */
  const part = async (data: string | undefined, beside: string | undefined): Promise<string | undefined> => {
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8')
    return beside === undefined ? undefined : readBeside(path, beside)
  }
  const [ca, cert, key] = await Promise.all([
    part(cluster['certificate-authority-data'], cluster['certificate-authority']),
    part(user['client-certificate-data'], user['client-certificate']),
    part(user['client-key-data'], user['client-key']),
  ])
  const servername = cluster['tls-server-name']
  const { tokenFile } = user
  const readToken = renewedToken(path, found.user, user.token ?? null)
  return {
    server,
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(servername === undefined ? {} : { servername }),
    },
    token: async () => (tokenFile === undefined ? readToken() : (await readBeside(path, tokenFile)).trim()),
    namespace: found.namespace ?? null,
  }
}

function hasCredentials(user: z.infer<typeof userShape>): boolean {
  const { token, tokenFile, 'client-certificate': file, 'client-certificate-data': data } = user
  return [token, tokenFile, file, data].some((each) => each !== undefined)
}

/** The token of a user as the file says it now: tokens end, and whoever renews one writes the file anew. */
function renewedToken(path: string, user: string, first: string | null): () => Promise<string | null> {
  const modifiedAt = async () => (await stat(path).catch(() => null))?.mtimeMs ?? null
  let [token, seen] = [first, modifiedAt()]
  return async () => {
    const now = await modifiedAt()
    if (now !== null && now !== (await seen)) {
      // One that is half written is read when it is whole.
      const file = await readKubeconfig(path).catch(() => null)
      const renewed = file?.users?.find(({ name }) => name === user)?.user.token
      if (renewed !== undefined) [token, seen] = [renewed, Promise.resolve(now)]
    }
    return token
  }
}

async function readKubeconfig(path: string): Promise<z.infer<typeof kubeconfigShape>> {
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unusable((cause as Error).message, 'Name a file that this user may read.', cause)
  })
  const { parse } = await import('yaml')
  try {
    return kubeconfigShape.parse(parse(content))
  } catch (cause) {
    // The cause would hold what stands in the file, tokens included.
    const where = cause instanceof z.ZodError ? (cause.issues[0]?.path.join('.') ?? '') : 'it is no YAML'
    throw unusable(`it is no kubeconfig (${where})`, 'See "kubectl config view".')
  }
}

async function readBeside(path: string, named: string): Promise<string> {
  const file = isAbsolute(named) ? named : join(dirname(path), named)
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw unusable(`${file} cannot be read`, 'Mend the path in the kubeconfig.', cause)
  })
}

/** What would be trusted without proof, or started as a program, is refused and never passed over. */
function refuseUnheeded(cluster: z.infer<typeof clusterShape>, user: z.infer<typeof userShape>): void {
  const advice = 'Give the service a service account of its own: its token, or a client certificate.'
  if (cluster['insecure-skip-tls-verify'] === true) {
    throw unusable('it says insecure-skip-tls-verify', 'Put the certificate authority of the cluster into it.')
  }
  if (cluster['proxy-url'] !== undefined)
    throw unusable('its proxy-url is not heeded', 'Name an address that is reached directly.')
  if (user.exec !== undefined) throw unusable('it starts a program for its credentials', advice)
  if (user['auth-provider'] !== undefined) throw unusable('it has an auth-provider', advice)
  if (user.username !== undefined) throw unusable('it has a user name and a password', advice)
}

const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/

function serverOf(address: string): URL {
  const server = new URL(address)
  const isEncrypted = server.protocol === 'https:'
  // "kubectl proxy" speaks plainly, on loopback alone.
  if (isEncrypted || (server.protocol === 'http:' && loopback.test(server.hostname))) return server
  throw unusable(`the server ${server.protocol}//${server.host} is not https`, 'Credentials are sent over TLS only.')
}

function unusable(why: string, advice: string, cause?: unknown): ServiceError {
  return new ServiceError('invalid-config', `No cluster can be reached by ${setting}: ${why}`, { advice, cause })
}
