import type { RuleCategory } from '../options.ts'

/** A family of things a JavaScript program may not name. */
export interface JavaScriptRule {
  readonly category: RuleCategory
  /** Modules, with or without `node:`, submodules included. */
  readonly modules: readonly string[]
  /** Global names, also as members of `globalThis`. */
  readonly globals: readonly string[]
  /** `object.member` pairs on globals. */
  readonly members: readonly string[]
  /** Property names that may not be read on anything. */
  readonly properties: readonly string[]
  /** Ends the sentence `"NAME" …`. */
  readonly because: string
}

export const javascriptRules: readonly JavaScriptRule[] = [
  {
    category: 'process',
    modules: ['child_process', 'cluster', 'worker_threads', 'process'],
    globals: ['Worker'],
    members: [
      'process.exit',
      'process.reallyExit',
      'process.kill',
      'process.abort',
      'process.chdir',
      'process.setuid',
      'process.setgid',
      'process.mainModule',
    ],
    properties: [],
    because: 'starts or controls processes, which is not allowed here; compute in this program instead',
  },
  {
    category: 'network',
    modules: ['net', 'http', 'https', 'http2', 'dgram', 'tls', 'dns', 'inspector', 'undici', 'ws'],
    globals: ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource'],
    members: [],
    properties: [],
    because: 'reaches for the network, and there is none here; work with the values you have',
  },
  {
    category: 'dynamic-code',
    modules: ['vm', 'repl'],
    globals: ['eval', 'Function'],
    members: [],
    properties: [],
    because: 'runs text as code, which cannot be checked; write the code out',
  },
  {
    category: 'dynamic-import',
    modules: ['module'],
    globals: [],
    members: ['module.constructor', 'require.main', 'require.cache', 'process.getBuiltinModule'],
    properties: [],
    because: 'loads modules in a way that cannot be checked; require a module by its name',
  },
  {
    category: 'introspection',
    modules: ['async_hooks', 'diagnostics_channel', 'perf_hooks', 'trace_events'],
    globals: [],
    members: ['Error.prepareStackTrace', 'arguments.callee', 'arguments.caller'],
    properties: ['__proto__', '__defineGetter__', '__defineSetter__', '__lookupGetter__', 'prepareStackTrace'],
    because: "climbs through the engine's internals; use the object's public methods",
  },
  {
    category: 'native-code',
    modules: ['wasi', 'ffi'],
    globals: ['WebAssembly', 'SharedArrayBuffer', 'Atomics'],
    members: ['process.binding', 'process.dlopen', 'process._linkedBinding'],
    properties: [],
    because: 'runs native code or shares raw memory; use plain arrays',
  },
  {
    category: 'deserialization',
    modules: ['v8'],
    globals: [],
    members: [],
    properties: [],
    because: "reads the engine's own formats; use JSON",
  },
  {
    category: 'system-files',
    modules: [],
    globals: [],
    members: ['process.env', 'process.argv', 'process.execPath'],
    properties: [],
    because: "touches the system's own files or settings; the data is in /mnt/data",
  },
]
