import { readPlan } from './plan.ts'
import { readTrustedWords } from './trusted-words.ts'
import type { ToolDeclaration } from './declarations.ts'

/** Words of people that ask for another content of a file, or for none. */
const changes: ToolDeclaration = {
  effect: 'changes',
  calledFor: {
    verbs: [
      'anonymize',
      'append',
      'change',
      'clean',
      'correct',
      'delete',
      'edit',
      'fix',
      'modify',
      'overwrite',
      'remove',
      'rename',
      'replace',
      'rewrite',
      'update',
    ],
    objects: [],
  },
  parameters: {},
  result: { origin: 'tool', trusted: false },
}

const allOf = ['file', 'files', 'upload', 'uploads']

type MayChange = (path: string, count: number) => boolean

/**
 * Which files of theirs people let programs write over or take away, of all that they wrote: those that they name where they ask for a change, and
 * where they speak of the file, the only one. What they wrote is read when it is first asked: most runs have no files.
 */
export function filesToChange(said: readonly string[]): MayChange {
  let mayChange: MayChange | null = null
  return (path, count) => (mayChange ??= readFilesToChange(said))(path, count)
}

function readFilesToChange(said: readonly string[]): MayChange {
  const words = readTrustedWords(said)
  if (readPlan(words).callsFor(changes, new Set()) !== 'asked-for') return () => false
  return (path, count) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    return words.says(path) || words.says(name) || (count === 1 && words.speaksOf(allOf))
  }
}
