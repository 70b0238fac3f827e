import type { CodeValidatorOptions } from '../options.ts'
import { type Rule, type RuleFamily, rulesOf } from '../rule-families.ts'

/** Names a Python program may not use. Dotted names are what imports and aliases resolve to. */
interface PythonNames {
  /** Modules, submodules included, that may not be imported. */
  readonly modules?: readonly string[]
  /** Members of otherwise allowed modules; a trailing `*` matches any ending. */
  readonly members?: readonly string[]
  /** Built-in functions that may not be named. */
  readonly builtins?: readonly string[]
  /** Attribute names that may not be read on anything, nor be spelled in a string. */
  readonly attributes?: readonly string[]
}

export type PythonRule = Rule<PythonNames>

const none: Required<PythonNames> = { modules: [], members: [], builtins: [], attributes: [] }

/** What a program is held against. */
export function pythonRules(options: Pick<CodeValidatorOptions, 'forbid' | 'profile'>): PythonRule[] {
  return rulesOf(families, none, options)
}

const families: readonly RuleFamily<PythonNames>[] = [
  {
    category: 'process',
    modules: ['subprocess', 'pty', '_posixsubprocess'],
    members: [
      'os.system',
      'os.popen*',
      'os.exec*',
      'os.spawn*',
      'os.posix_spawn*',
      'os.fork*',
      'os.kill*',
      'os.abort',
      'os._exit',
      'os.setuid',
      'os.setgid',
      'os.setsid',
      'asyncio.create_subprocess*',
      'posix.*',
    ],
    strict: {
      modules: ['multiprocessing', 'signal', 'resource', 'concurrent.futures.process'],
      members: ['os.nice', 'concurrent.futures.ProcessPoolExecutor', 'sys.settrace', 'sys.setprofile'],
    },
    because: 'starts or controls processes, which is not allowed here; compute in this program instead',
  },
  {
    category: 'network',
    modules: [
      'socket',
      '_socket',
      'socketserver',
      'http.client',
      'http.server',
      'urllib.request',
      'urllib3',
      'requests',
      'httpx',
      'aiohttp',
      'websockets',
      'ftplib',
      'smtplib',
      'poplib',
      'imaplib',
      'nntplib',
      'telnetlib',
      'xmlrpc',
      'paramiko',
      'boto3',
      'webbrowser',
    ],
    members: ['asyncio.open_connection', 'asyncio.start_server', 'asyncio.open_unix_connection', 'urllib.request.*'],
    strict: { modules: ['ssl', 'http', 'selectors'] },
    because: 'reaches for the network, and there is none here; work with the files in /mnt/data',
  },
  {
    category: 'dynamic-code',
    modules: ['code', 'codeop', 'runpy', 'bdb', 'pdb'],
    members: ['builtins.eval', 'builtins.exec', 'builtins.compile', 'types.CodeType', 'types.FunctionType'],
    builtins: ['eval', 'exec', 'compile'],
    because: 'runs text as code, which cannot be checked; write the code out',
  },
  {
    category: 'dynamic-import',
    modules: ['imp', 'pip', 'ensurepip'],
    members: ['sys.meta_path', 'sys.path_hooks'],
    strict: {
      modules: ['importlib', 'zipimport', 'site', 'builtins', 'pkgutil'],
      members: ['sys.modules', 'sys.path'],
    },
    builtins: ['__import__', '__loader__', '__spec__', '__builtins__'],
    attributes: ['__import__', '__builtins__', '__loader__'],
    because: 'loads modules in a way that cannot be checked; use a plain import of an installed library',
  },
  {
    category: 'introspection',
    attributes: ['__subclasses__', '__globals__', 'f_globals', 'f_builtins', 'func_globals'],
    strict: {
      modules: ['gc', 'inspect', 'dis', 'tracemalloc'],
      members: ['sys._getframe', 'sys._current_frames', 'sys.exc_info', 'operator.attrgetter', 'operator.methodcaller'],
      attributes: [
        '__code__',
        '__closure__',
        '__bases__',
        '__base__',
        '__mro__',
        '__getattribute__',
        '__reduce__',
        '__reduce_ex__',
        'mro',
        'gi_frame',
        'gi_code',
        'cr_frame',
        'ag_frame',
        'tb_frame',
        'f_locals',
        'f_back',
        'f_code',
        'co_code',
      ],
    },
    because: "climbs through the interpreter's internals; use the object's public methods",
  },
  {
    category: 'native-code',
    modules: ['ctypes', '_ctypes', 'cffi', 'numba', 'llvmlite'],
    members: ['numpy.ctypeslib*', 'sys.addaudithook', 'os.memfd_create', 'duckdb.*load_extension'],
    attributes: ['ctypes', 'ctypeslib'],
    strict: { modules: ['mmap'] },
    because: 'runs native code or raw memory; use numpy or pandas',
  },
  {
    category: 'deserialization',
    strict: {
      modules: ['pickle', '_pickle', 'cPickle', 'marshal', 'shelve', 'dill', 'cloudpickle', 'jsonpickle'],
      members: [
        'pandas.read_pickle',
        'pandas.io.pickle.*',
        'joblib.load',
        'yaml.load',
        'yaml.unsafe_load',
        'yaml.full_load',
        'numpy.lib.format.*',
      ],
    },
    because: 'turns bytes into running code; use CSV, Parquet or JSON',
  },
  {
    category: 'system-files',
    members: ['os.chroot', 'os.mknod'],
    strict: { members: ['os.mkfifo', 'os.symlink', 'os.link', 'os.environ*', 'os.getenv', 'os.putenv'] },
    because: "touches the system's own files or settings; the data is in /mnt/data",
  },
]
