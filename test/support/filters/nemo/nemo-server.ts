import { join } from 'node:path'
import { ListeningProgram } from '../../python/listening-program.ts'
import { pythonEnvironment } from '../../python/python-environment.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

/** NeMo Guardrails 0.24.1 with its server; why it cannot be had, as a text. */
export const nemoPackages = () => pythonEnvironment('nemo', join(import.meta.dirname, 'nemo.txt'))

const listens = /Uvicorn running on (http:\/\/127\.0\.0\.1:\d+)/

/**
 * NeMo Guardrails' own server, unmodified, with the configurations beside this file, whose rails need no model. It tells nobody
 * that it runs, and keeps what it writes in a folder of its own.
 */
export const startNemoServer = (python: string): Promise<ListeningProgram> =>
  ListeningProgram.start({
    name: 'NeMo Guardrails',
    command: [python, '-I', '-B', join(import.meta.dirname, 'nemo_server.py')],
    environment: {
      HOME: temporaryFolder('nemo-'),
      NEMO_GUARDRAILS_NO_USAGE_STATS: '1',
      NEMO_GUARDRAILS_DISABLE_CHAT_UI: 'true',
    },
    urlIn: (output) => listens.exec(output)?.[1],
  })
