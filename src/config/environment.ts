import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** The process's environment variables. Read here and nowhere else; tests pass a map of their own. */
export type Variables = Readonly<Record<string, string | undefined>>

export function processVariables(): Variables {
  return process.env
}

function base(variables: Variables, name: string, fallback: string): string {
  const given = variables[name]
  // The XDG base directory specification: a relative path is to be ignored.
  if (given !== undefined && isAbsolute(given)) return given
  return join(variables['HOME'] || homedir(), fallback)
}

/** `$XDG_CONFIG_HOME/sallyport/config.yaml`, usually `~/.config/sallyport/config.yaml`. */
export function userFilePath(variables: Variables): string {
  return (
    variables['SALLYPORT_CONFIG'] || join(base(variables, 'XDG_CONFIG_HOME', '.config'), 'sallyport', 'config.yaml')
  )
}

/** `$XDG_STATE_HOME/sallyport`, usually `~/.local/state/sallyport`. */
export function defaultStateDirectory(variables: Variables): string {
  return join(base(variables, 'XDG_STATE_HOME', '.local/state'), 'sallyport')
}

/** `$XDG_CACHE_HOME/sallyport/compiled`, usually `~/.cache/sallyport/compiled`. */
export function compiledCodeFolder(variables: Variables): string {
  return join(base(variables, 'XDG_CACHE_HOME', '.cache'), 'sallyport', 'compiled')
}

/** `$XDG_CONFIG_HOME/sallyport`, usually `~/.config/sallyport`. */
export function defaultSecretsDirectory(variables: Variables): string {
  return join(base(variables, 'XDG_CONFIG_HOME', '.config'), 'sallyport')
}

/** NO_COLOR (no-color.org) and TERM=dumb turn colour off, FORCE_COLOR turns it on, else a terminal decides. */
export function wantsColour(variables: Variables, isTerminal: boolean): boolean {
  if ((variables['NO_COLOR'] ?? '') !== '') return false
  if ((variables['FORCE_COLOR'] ?? '') !== '') return variables['FORCE_COLOR'] !== '0'
  return isTerminal && variables['TERM'] !== 'dumb'
}
