import type { Openers } from './openers.ts'
import type { OnActivity } from '../core/activity.ts'
import type { Variables } from '../config/environment.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { Interrupts } from './interrupts.ts'
import type { Terminal } from './terminal.ts'

/** What every command gets: nothing reads the process but the entry point. */
export interface CommandContext extends Openers {
  readonly terminal: Terminal
  readonly variables: Variables
  readonly workingDirectory: string
  readonly interrupts: Interrupts
  /** Tells the person at the terminal what is being waited for. */
  readonly onActivity: OnActivity
  /** Reads the configuration with the flags of this call, over defaults of its own. Throws `invalid-config`. */
  config(overrides?: Readonly<Record<string, string>>, defaults?: Readonly<Record<string, string>>): LoadedConfig
}

/** A command resolves to its exit code; a ServiceError it throws is printed with its advice. */
export type ExitCode = number
