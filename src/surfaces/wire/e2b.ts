import { z } from 'zod'
import type { SessionSummary } from '../../sessions/session-entry.ts'

/** Of the clients' files protocol that the answers keep to: newer clients want none of what came after. */
const envdVersion = '0.6.4'

/** Templates that name what a sandbox here is. */
const templates = ['code-interpreter-v1', 'base'] as const

const seconds = z.int().min(1)
const texts = z.record(z.string().max(200), z.string().max(2_000))
const never = (why: string) => z.null({ error: why }).optional()
const mostMetadata = 50

/** `POST /v2/sandboxes`. What a sandbox here cannot be is refused by name: nothing that was asked for is left out silently. */
export const newSandbox = z.strictObject({
  templateID: z.enum(templates, { error: `there are the templates ${templates.join(' and ')}` }),
  timeout: seconds.default(300).describe('Seconds until it is killed, used or not.'),
  metadata: texts
    .refine((value) => Object.keys(value).length <= mostMetadata, `has more than ${mostMetadata} names`)
    .nullish(),
  envVars: z
    .record(z.string(), z.string())
    .refine(
      (value) => Object.keys(value).length === 0,
      'is not taken: give variables to a command, or set them in the program',
    )
    .nullish(),
  allow_internet_access: z.literal(false, { error: 'a sandbox has no network, whoever asks' }).nullish(),
  network: never('a sandbox has no network, and nothing about it can be set'),
  autoPause: z.literal(false, { error: 'a sandbox is killed at its time and cannot be paused' }).nullish(),
  autoPauseMemory: z.literal(false, { error: 'a sandbox cannot be paused' }).nullish(),
  autoResume: z.strictObject({ enabled: z.literal(false, { error: 'a sandbox cannot be paused' }) }).nullish(),
  secure: z.literal(true, { error: 'every sandbox wants a token' }).nullish(),
  mcp: never('there is no MCP gateway in a sandbox'),
  iam: never('a sandbox has no identity of its own'),
  volumeMounts: never('there are no volumes'),
})

/** `POST /v2/sandboxes/{id}/connect` */
export const connectRequest = z.looseObject({
  timeout: seconds.default(300),
  memory: z.literal(true, { error: 'a sandbox cannot be paused' }).nullish(),
})

/** `POST /sandboxes/{id}/timeout` */
export const timeoutRequest = z.looseObject({ timeout: seconds })

/** `GET /v2/sandboxes` */
export const listQuery = z.looseObject({
  metadata: z.string().max(4_000).optional(),
  state: z.union([z.string(), z.array(z.string())]).optional(),
  startedAfter: z.iso.datetime({ offset: true }).optional(),
  template: z.string().optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(100).default(100),
  nextToken: z.string().max(200).optional(),
})

export type SandboxListQuery = z.infer<typeof listQuery>

/** `POST /execute` */
export const executeRequest = z.strictObject({
  code: z.string(),
  context_id: z.string().max(200).nullish(),
  language: z.string().max(50).nullish(),
  env_vars: z
    .record(z.string(), z.string())
    .refine((value) => Object.keys(value).length === 0, 'is not taken: set variables in the program')
    .nullish(),
})

/** `POST /contexts` */
export const contextRequest = z.strictObject({
  language: z.string().max(50).nullish(),
  cwd: z.enum(['/mnt/data', '/mnt/data/'], { error: 'programs run in /mnt/data' }).nullish(),
})

const path = z.string().max(4_096)

export const pathRequest = z.looseObject({ path: path.default('') })
export const listDirectory = z.looseObject({ path: path.default(''), depth: z.int().min(0).max(1_000).default(1) })
export const moveRequest = z.looseObject({ source: path, destination: path })

const variableName = /^[A-Za-z_]\w*$/

/** `/process.Process/Start` */
export const startRequest = z.looseObject({
  process: z.looseObject({
    cmd: z.string().min(1).max(4_096),
    args: z.array(z.string()).max(1_000).default([]),
    envs: z.record(z.string().regex(variableName, 'is no name of a variable'), z.string()).default({}),
    cwd: path.nullish(),
  }),
  pty: never('there is no terminal in a sandbox'),
  tag: z.string().max(200).nullish(),
  stdin: z.literal(false, { error: 'a command has no standard input here: nobody could write to it' }).nullish(),
})

/** `/process.Process/SendSignal`. Numbers of signals stand as their names in the JSON of Protocol Buffers. */
export const signalRequest = z.looseObject({
  process: z.looseObject({ pid: z.int() }),
  signal: z.union([z.enum(['SIGNAL_SIGKILL', 'SIGNAL_SIGTERM']), z.literal([9, 15])]),
})

interface SandboxFacts {
  readonly summary: SessionSummary
  readonly template: string
  readonly metadata: Readonly<Record<string, string>>
  readonly token: string
}

interface SizeFacts {
  readonly size: { readonly cpus: number; readonly memory_mb: number; readonly data_mb: number }
}

/** What a client needs to use a sandbox. */
export const toOpenedSandbox = ({ summary, template, token }: SandboxFacts) => ({
  templateID: template,
  sandboxID: summary.id,
  clientID: 'sallyport',
  envdVersion,
  envdAccessToken: token,
  trafficAccessToken: token,
})

/** What is told of a sandbox. */
export const toSandboxInfo = ({ summary, template, metadata, size }: Omit<SandboxFacts, 'token'> & SizeFacts) => ({
  templateID: template,
  sandboxID: summary.id,
  clientID: 'sallyport',
  envdVersion,
  startedAt: summary.openedAt.toISOString(),
  endAt: (summary.expiresAt ?? summary.openedAt).toISOString(),
  cpuCount: size.cpus,
  memoryMB: size.memory_mb,
  diskSizeMB: size.data_mb,
  metadata,
  state: 'running' as const,
  allowInternetAccess: false,
})

export const toContext = ({ id, language }: { readonly id: string; readonly language: string }) => ({
  id,
  language,
  cwd: '/mnt/data',
})
