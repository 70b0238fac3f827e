import type { RuleCategory } from '../options.ts'

/** A family of things a Python program may not name. Dotted names are what imports and aliases resolve to. */
export interface PythonRule {
  readonly category: RuleCategory
  /** Modules, submodules included, that may not be imported. */
  readonly modules: readonly string[]
  /** Members of otherwise allowed modules; a trailing `*` matches any ending. */
  readonly members: readonly string[]
  /** Built-in functions that may not be named. */
  readonly builtins: readonly string[]
  /** Attribute names that may not be read on anything, nor be spelled in a string. */
  readonly attributes: readonly string[]
  /** Ends the sentence `"NAME" …`. */
  readonly because: string
}

export const pythonRules: readonly PythonRule[] = [
  {
    category: 'process',
    modules: [
      'subprocess',
      'multiprocessing',
      'pty',
      'signal',
      'resource',
      '_posixsubprocess',
      'concurrent.futures.process',
    ],
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
      'os.nice',
      'asyncio.create_subprocess*',
      'concurrent.futures.ProcessPoolExecutor',
      'posix.*',
      'sys.settrace',
      'sys.setprofile',
    ],
    builtins: [],
    attributes: [],
    because: 'starts or controls processes, which is not allowed here; compute in this program instead',
  },
  {
    category: 'network',
    modules: [
      'socket',
      '_socket',
      'socketserver',
      'ssl',
      'http',
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
      'selectors',
    ],
    members: ['asyncio.open_connection', 'asyncio.start_server', 'asyncio.open_unix_connection', 'urllib.request.*'],
    builtins: [],
    attributes: [],
    because: 'reaches for the network, and there is none here; work with the files in /mnt/data',
  },
  {
    category: 'dynamic-code',
    modules: ['code', 'codeop', 'runpy', 'bdb', 'pdb'],
    members: ['builtins.eval', 'builtins.exec', 'builtins.compile', 'types.CodeType', 'types.FunctionType'],
    builtins: ['eval', 'exec', 'compile'],
    attributes: [],
    because: 'runs text as code, which cannot be checked; write the code out',
  },
  {
    category: 'dynamic-import',
    modules: ['importlib', 'imp', 'zipimport', 'pip', 'ensurepip', 'site', 'builtins', 'pkgutil'],
    members: ['sys.modules', 'sys.path', 'sys.meta_path', 'sys.path_hooks'],
    builtins: ['__import__', '__loader__', '__spec__', '__builtins__'],
    attributes: ['__import__', '__builtins__', '__loader__'],
    because: 'loads modules in a way that cannot be checked; use a plain import of an installed library',
  },
  {
    category: 'introspection',
    modules: ['gc', 'inspect', 'dis', 'tracemalloc'],
    members: ['sys._getframe', 'sys._current_frames', 'sys.exc_info', 'operator.attrgetter', 'operator.methodcaller'],
    builtins: [],
    attributes: [
      '__subclasses__',
      '__globals__',
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
      'f_globals',
      'f_locals',
      'f_builtins',
      'f_back',
      'f_code',
      'func_globals',
      'co_code',
    ],
    because: "climbs through the interpreter's internals; use the object's public methods",
  },
  {
    category: 'native-code',
    modules: ['ctypes', '_ctypes', 'cffi', 'numba', 'llvmlite', 'mmap'],
    members: ['numpy.ctypeslib*', 'sys.addaudithook', 'os.memfd_create', 'duckdb.*load_extension'],
    builtins: [],
    attributes: ['ctypes', 'ctypeslib'],
    because: 'runs native code or raw memory; use numpy or pandas',
  },
  {
    category: 'deserialization',
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
    builtins: [],
    attributes: [],
    because: 'turns bytes into running code; use CSV, Parquet or JSON',
  },
  {
    category: 'system-files',
    modules: [],
    members: ['os.chroot', 'os.mknod', 'os.mkfifo', 'os.symlink', 'os.link', 'os.environ*', 'os.getenv', 'os.putenv'],
    builtins: [],
    attributes: [],
    because: "touches the system's own files or settings; the data is in /mnt/data",
  },
]

/** Paths of the kernel's own files: nothing of a data analysis lives there. */
export const systemPath = /^\/(?:proc|sys|dev)\/(?!null$|shm\/)|^\/etc\/(?:passwd|shadow|hosts|resolv)/
