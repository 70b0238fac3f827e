import { bootstrap } from './bootstrap.ts'
import { createDescriptions } from './descriptions.ts'
import { createTimers } from './timers.ts'

/** The text of each function, which is what is evaluated in an isolate. */
const [start, descriptions, timers] = [bootstrap, createDescriptions, createTimers].map(String)

/**
 * Runs first in every new context, before any user code. `$0` writes to a stream, `$1` is a timer of the process, `$2`
 * the limit of a stream, `$3` says that the session is spoiled; the result is that of `bootstrap`.
 *
 * The functions of this folder run inside the isolate, where no module exists: each of them knows its parameters and
 * the globals of JavaScript, and nothing that it would have to import.
 */
export const guestSource = `'use strict'
const host = { scope: globalThis, write: $0, outputLimit: $2, spoil: $3 }
return (${start})(host, (${descriptions})(), (${timers})(globalThis, $1))`
