import { join } from 'node:path'
import { ListeningProgram } from '../python/listening-program.ts'
import { pythonEnvironment } from '../python/python-environment.ts'

/** Presidio 2.2.366 with spaCy 3.8 and its small model of English; why it cannot be had, as a text. */
export const presidioPackages = () => pythonEnvironment('presidio', join(import.meta.dirname, 'presidio.txt'))

export interface PresidioCommandOptions {
  readonly port: number
  /** The module of Python that is served, in one of these folders or in the one of the analyzer. */
  readonly module: string
  readonly folders: readonly string[]
}

const analyzer: PresidioCommandOptions = { port: 0, module: 'presidio_server', folders: [] }

/** The words that start the analyzer on the loopback, at a free port unless told, which it tells once it can be asked. */
export function presidioCommand(python: string, { port, module, folders } = analyzer): readonly string[] {
  const paths = [import.meta.dirname, ...folders].join(',')
  const server = ['--bind', `127.0.0.1:${port}`, '--workers', '1', '--preload', '--pythonpath', paths]
  return [python, '-I', '-B', '-m', 'gunicorn', ...server, `${module}:app`]
}

const listens = /Listening at: (http:\/\/127\.0\.0\.1:\d+)/
/** The address in what the analyzer has written; undefined before it listens. */
export const presidioUrl = (output: string): string | undefined => listens.exec(output)?.[1]

/** Presidio's own analyzer, unmodified, behind the interface of its image. */
export const startPresidioServer = (python: string): Promise<ListeningProgram> =>
  ListeningProgram.start({ name: 'Presidio', command: presidioCommand(python), urlIn: presidioUrl })
