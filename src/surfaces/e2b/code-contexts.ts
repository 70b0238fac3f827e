import { randomUUID } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import type { ProgramLanguage } from '../../core/languages.ts'

/** Languages of contexts, as the clients name them. */
const languages: Readonly<Record<string, { readonly name: string; readonly runs: ProgramLanguage }>> = {
  python: { name: 'python', runs: 'python' },
  javascript: { name: 'javascript', runs: 'javascript' },
  js: { name: 'javascript', runs: 'javascript' },
  typescript: { name: 'typescript', runs: 'typescript' },
  ts: { name: 'typescript', runs: 'typescript' },
  bash: { name: 'bash', runs: 'shell' },
}

/** Interpreters with their variables. */
export interface CodeContext {
  readonly id: string
  /** As the clients name it. */
  readonly language: string
  readonly runs: ProgramLanguage
  /** Where its programs run. */
  readonly session: string
  /** Programs so far. */
  executions: number
}

/** Throws `invalid-request` for a language that no sandbox has. */
export function languageOf(name: string): { readonly name: string; readonly runs: ProgramLanguage } {
  const language = Object.hasOwn(languages, name) ? languages[name] : undefined
  if (language !== undefined) return language
  throw new ServiceError('invalid-request', `There is no language "${name.slice(0, 50)}".`, {
    parameter: 'language',
    advice: 'There are python, javascript, typescript and bash.',
  })
}

/**
 * The contexts of a sandbox: one of each language in the sandbox itself, made when it is first asked for, and those that were created,
 * each with a session of its own.
 */
export class CodeContexts {
  readonly #session: string
  readonly #all = new Map<string, CodeContext>()

  /** `session`: of the sandbox. */
  constructor(session: string) {
    this.#session = session
  }

  get all(): readonly CodeContext[] {
    return [...this.#all.values()]
  }

  /** Sessions of contexts that were created. */
  get ownSessions(): readonly string[] {
    return this.all.map(({ session }) => session).filter((session) => session !== this.#session)
  }

  /** By its id; without one, the sandbox's own of that language. Throws `not-found` or `invalid-request`. */
  find(id: string | null, language: string | null): CodeContext {
    if (id !== null) return this.get(id)
    const { name, runs } = languageOf(language ?? 'python')
    const known = this.#all.get(name)
    if (known !== undefined) return known
    return this.#keep({ id: name, language: name, runs, session: this.#session, executions: 0 })
  }

  /** Throws `not-found`. */
  get(id: string): CodeContext {
    const context = this.#all.get(id)
    if (context !== undefined) return context
    throw new ServiceError('not-found', `There is no context "${id.slice(0, 100)}".`, {
      parameter: 'context_id',
      advice: 'It may have been removed. Create one.',
    })
  }

  add(language: string, session: string): CodeContext {
    return this.#keep({ id: randomUUID(), language, runs: languageOf(language).runs, session, executions: 0 })
  }

  /** Is it in the sandbox's own session, with the others of it? */
  isShared({ session }: CodeContext): boolean {
    return session === this.#session
  }

  remove(id: string): void {
    this.#all.delete(id)
  }

  #keep(context: CodeContext): CodeContext {
    this.#all.set(context.id, context)
    return context
  }
}
