import { z } from 'zod'
import type { SessionSummary } from '../../sessions/session-entry.ts'

/** `POST /jupyter/api/kernels`; Open WebUI sends nothing at all. */
export const kernelRequest = z.looseObject({
  name: z.enum(['python3', 'python'], { error: 'there is the kernel python3' }).nullish(),
  path: z.string().max(4_096).nullish(),
})

/** A message of a client, as the protocol has it in JSON (Jupyter's messaging protocol, 5.3). */
export const kernelMessage = z.looseObject({
  header: z.looseObject({
    msg_id: z.string().min(1).max(200),
    msg_type: z.string().min(1).max(100),
    session: z.string().max(200).default(''),
    username: z.string().max(200).default(''),
  }),
  channel: z.enum(['shell', 'control', 'stdin', 'iopub']).default('shell'),
  content: z.record(z.string(), z.unknown()).default({}),
})

export type KernelMessage = z.infer<typeof kernelMessage>

export const executeContent = z.looseObject({
  code: z.string().max(500_000),
  silent: z.boolean().default(false),
})

const sessionPrefix = 'session_'

/** A kernel is a session by another name: ids of kernels are bare UUIDs. */
export const kernelIdOf = (session: string): string => session.slice(sessionPrefix.length)
export const sessionOfKernel = (kernel: string): string => `${sessionPrefix}${kernel}`

export const toKernel = ({ id, usedAt, inUse }: SessionSummary) => ({
  id: kernelIdOf(id),
  name: 'python3',
  last_activity: usedAt.toISOString(),
  execution_state: inUse ? ('busy' as const) : ('idle' as const),
  connections: inUse ? 1 : 0,
})

const language = { name: 'python', mimetype: 'text/x-python', file_extension: '.py', version: '3' }

export const kernelInfo = {
  status: 'ok',
  protocol_version: '5.3',
  implementation: 'sallyport',
  implementation_version: '1',
  language_info: language,
  banner: 'Python in a sandbox of Sallyport',
  help_links: [],
}

export const kernelSpecs = {
  default: 'python3',
  kernelspecs: {
    python3: {
      name: 'python3',
      spec: {
        argv: [],
        env: {},
        display_name: 'Python in a sandbox',
        language: 'python',
        interrupt_mode: 'message',
        metadata: {},
      },
      resources: {},
    },
  },
}
