import { join } from 'node:path'
import { userFolder } from './user-folder.mjs'

/** The process's environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>

/** `$XDG_CONFIG_HOME/sallyport/config.yaml`, usually `~/.config/sallyport/config.yaml`. */
export function userFilePath(variables: Variables): string {
  return (
    variables['SALLYPORT_CONFIG'] ||
    join(userFolder(variables, 'XDG_CONFIG_HOME', '.config'), 'sallyport', 'config.yaml')
  )
}

/** `$XDG_STATE_HOME/sallyport`, usually `~/.local/state/sallyport`. */
export function defaultStateDirectory(variables: Variables): string {
  return join(userFolder(variables, 'XDG_STATE_HOME', '.local/state'), 'sallyport')
}

/** `$XDG_CONFIG_HOME/sallyport`, usually `~/.config/sallyport`. */
export function defaultSecretsDirectory(variables: Variables): string {
  return join(userFolder(variables, 'XDG_CONFIG_HOME', '.config'), 'sallyport')
}

/** NO_COLOR (no-color.org) and TERM=dumb turn colour off, FORCE_COLOR turns it on, else a terminal decides. */
export function wantsColour(variables: Variables, isTerminal: boolean): boolean {
  if ((variables['NO_COLOR'] ?? '') !== '') return false
  if ((variables['FORCE_COLOR'] ?? '') !== '') return variables['FORCE_COLOR'] !== '0'
  return isTerminal && variables['TERM'] !== 'dumb'
}
