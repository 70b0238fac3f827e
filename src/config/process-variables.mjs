// Plain JavaScript: it is needed before anything may be loaded that Node has to take types out of.

/**
 * The process's environment variables. Read here and nowhere else; tests pass a map of their own.
 * @returns {import('./environment.ts').Variables}
 */
export function processVariables() {
  return process.env
}
