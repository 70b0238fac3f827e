import type { CodeValidatorOptions } from '../options.ts'
import { type Rule, type RuleFamily, rulesOf } from '../rule-families.ts'

/** Names a JavaScript program may not use. */
interface JavaScriptNames {
  /** Modules, with or without `node:`, submodules included. */
  readonly modules?: readonly string[]
  /** Global names, also as members of `globalThis`. */
  readonly globals?: readonly string[]
  /** `object.member` pairs on globals. */
  readonly members?: readonly string[]
  /** Property names that may not be read on anything. */
  readonly properties?: readonly string[]
}

export type JavaScriptRule = Rule<JavaScriptNames>

const none: Required<JavaScriptNames> = { modules: [], globals: [], members: [], properties: [] }

/** What a program is held against. */
export function javascriptRules(options: Pick<CodeValidatorOptions, 'forbid' | 'profile'>): JavaScriptRule[] {
  return rulesOf(families, none, options)
}

const families: readonly RuleFamily<JavaScriptNames>[] = [
  {
    category: 'process',
    modules: ['child_process', 'cluster'],
    globals: ['Worker'],
    members: ['process.reallyExit', 'process.kill', 'process.abort', 'process.setuid', 'process.setgid'],
    strict: {
      modules: ['worker_threads', 'process'],
      members: ['process.exit', 'process.chdir', 'process.mainModule'],
    },
    because: 'starts or controls processes, which is not allowed here; compute in this program instead',
  },
  {
    category: 'network',
    modules: ['net', 'http', 'https', 'http2', 'dgram', 'tls', 'dns', 'inspector', 'undici', 'ws'],
    globals: ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource'],
    because: 'reaches for the network, and there is none here; work with the values you have',
  },
  {
    category: 'dynamic-code',
    modules: ['vm', 'repl'],
    globals: ['eval', 'Function'],
    because: 'runs text as code, which cannot be checked; write the code out',
  },
  {
    category: 'dynamic-import',
    members: ['module.constructor', 'process.getBuiltinModule'],
    strict: { modules: ['module'], members: ['require.main', 'require.cache'] },
    because: 'loads modules in a way that cannot be checked; require a module by its name',
  },
  {
    category: 'introspection',
    members: ['Error.prepareStackTrace'],
    properties: ['prepareStackTrace'],
    strict: {
      modules: ['async_hooks', 'diagnostics_channel', 'perf_hooks', 'trace_events'],
      members: ['arguments.callee', 'arguments.caller'],
      properties: ['__proto__', '__defineGetter__', '__defineSetter__', '__lookupGetter__'],
    },
    because: "climbs through the engine's internals; use the object's public methods",
  },
  {
    category: 'native-code',
    modules: ['wasi', 'ffi'],
    members: ['process.binding', 'process.dlopen', 'process._linkedBinding'],
    strict: { globals: ['WebAssembly', 'SharedArrayBuffer', 'Atomics'] },
    because: 'runs native code or shares raw memory; use plain arrays',
  },
  {
    category: 'deserialization',
    strict: { modules: ['v8'] },
    because: "reads the engine's own formats; use JSON",
  },
  {
    category: 'system-files',
    strict: { members: ['process.env', 'process.argv', 'process.execPath'] },
    because: "touches the system's own files or settings; the data is in /mnt/data",
  },
]
