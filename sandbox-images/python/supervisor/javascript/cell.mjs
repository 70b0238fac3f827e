// Runs one cell as Node would run a program: to the end of its event loop, in the global scope that cells share.
import { types } from 'node:util'
import vm from 'node:vm'

import { transform } from './transform.mjs'

const exits = new WeakSet()

/** What `process.exit` throws, so that a cell can end without the worker. */
export class Exit {
  /** @readonly */
  code

  /** @param {unknown} code */
  constructor(code) {
    this.code = code
    exits.add(this)
  }

  /** Asks no questions of `thrown`, which may be a proxy that answers with exceptions. */
  static is(thrown) {
    return exits.has(thrown)
  }
}

const timers = new Set()

/** Remembers timers, so that those of an interrupted cell do not go on in the next. */
export function watchTimers() {
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    globalThis[name] = new Proxy(globalThis[name], {
      apply(target, self, parameters) {
        const timer = Reflect.apply(target, self, parameters)
        timers.add(timer)
        return timer
      },
    })
  }
}

const { clearTimeout: clearTimer, clearImmediate: clearStep } = globalThis

function dropTimers() {
  for (const timer of timers) {
    clearTimer(timer)
    clearStep(timer)
  }
  timers.clear()
}

let count = 0
/** @type {((ending: {thrown?: unknown, value?: unknown, failed: boolean}) => void) | null} */
let finish = null

/** Ends the running cell from outside its own flow: an uncaught error, an interrupt, an exit. */
export function breakOff(thrown) {
  finish?.({ failed: true, thrown })
}

/**
 * Resolves when the cell's code, the promise it ends with, and everything it left on the event loop are done.
 * @param {string} code
 * @param {{onValue: (value: unknown) => void, hold: (held: boolean) => void}} host
 */
export async function runCell(code, host) {
  count += 1
  let drained = () => {}
  let settled = false
  const ended = new Promise((resolve) => {
    finish = resolve
    // As Node says of a program that ends so, with exit status 13.
    drained = () =>
      resolve(settled ? { failed: false } : { failed: true, thrown: new Error('Unsettled top-level await') })
  })
  host.hold(false)
  // A pending wait holds nothing open: without it an empty loop would end the process before `beforeExit` is heard.
  process.once('beforeExit', drained)
  try {
    void evaluate(code, `cell-${count}.js`).then(
      (value) => {
        settled = true
        if (value !== undefined && finish !== null) host.onValue(value)
      },
      (thrown) => breakOff(thrown),
    )
    return await ended
  } finally {
    finish = null
    process.off('beforeExit', drained)
    host.hold(true)
    dropTimers()
  }
}

/** A declared name hides a global of Node's that has no plain value, such as `crypto`, as `const` would. */
function makeRoom(name) {
  const property = Object.getOwnPropertyDescriptor(globalThis, name)
  if (property?.configurable === true && property.writable !== true) {
    Object.defineProperty(globalThis, name, { value: undefined, writable: true, configurable: true, enumerable: true })
  }
}

async function evaluate(code, filename) {
  const { text, wrapped, names } = transform(code)
  for (const name of names) makeRoom(name)
  const script = new vm.Script(text, {
    filename,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const value = script.runInThisContext({ breakOnSigint: true, displayErrors: false })
  if (wrapped) return (await value)?.value
  return types.isPromise(value) ? await value : value
}
