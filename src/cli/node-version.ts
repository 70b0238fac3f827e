/** The oldest Node this code runs on: the isolate's native part and the standard library it uses want it. */
export const neededNode = 24

/** Why this Node will not do, and what will; null for one that does. */
export function nodeProblem(version: string): string | null {
  if (Number(version.split('.')[0]) >= neededNode) return null
  return [
    `Node ${version} is too old; Sallyport needs ${neededNode} or later.`,
    '  → The package brings its own, which is not here: npm ran no scripts when it installed. Allow those of the packages',
    '    node and isolated-vm ("npm install-scripts approve node isolated-vm"), and install again. In a clone, npm scripts find it.',
  ].join('\n')
}
