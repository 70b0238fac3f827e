import type { OnActivity } from '../core/activity.ts'
import type { SandboxEvent } from '../core/facts.ts'
import { createContainerDrivers } from '../sandbox/container-driver.ts'
import type { IsolateOptions } from '../sandbox/isolates/options.ts'
import type { SandboxOptions } from '../sandbox/options.ts'
import { Sandboxes } from '../sandbox/sandboxes.ts'

/** Sandboxes that may be at work before anybody can hear of it. */
export interface OpenedSandboxes {
  readonly sandboxes: Sandboxes
  /** From now on `listener` is told of every event, and first of those that were. */
  readonly tell: (listener: (event: SandboxEvent) => void) => void
}

/**
 * The sandboxes alone, without anything that works with them: a command has one started while the rest of the program is
 * still being loaded.
 */
export function openSandboxes(
  config: { readonly sandbox: SandboxOptions; readonly isolate: IsolateOptions },
  onActivity: OnActivity,
): OpenedSandboxes {
  const waiting: SandboxEvent[] = []
  let listener = (event: SandboxEvent): void => void waiting.push(event)
  const { open: openDriver, choose: chooseDriver } = createContainerDrivers(config.sandbox)
  const onEvent = (event: SandboxEvent): void => listener(event)
  return {
    sandboxes: new Sandboxes(config, { openDriver, chooseDriver, onEvent, onActivity }),
    tell: (next) => {
      listener = next
      for (const event of waiting.splice(0)) next(event)
    },
  }
}
