/** The script `name` beside the calling module, with the ending the caller itself has: `.ts` from source, `.js` when built. */
export function siblingScript(moduleUrl: string, name: string): URL {
  return new URL(`./${name}${moduleUrl.endsWith('.ts') ? '.ts' : '.js'}`, moduleUrl)
}
