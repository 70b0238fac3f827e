import { userInfo } from 'node:os'

/** The person at the command line, as the system knows them. */
export function whoDecides(): string {
  try {
    return `cli:${userInfo().username}`
  } catch {
    // A number that has no name in the system, as in a container.
    return `cli:${process.getuid?.() ?? 'unknown'}`
  }
}
