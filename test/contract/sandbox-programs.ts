import type { ContractPrograms } from './sandbox-contract.ts'

const limits = `
import json, os, resource
def size(path):
    found = os.statvfs(path)
    return found.f_blocks * found.f_frsize >> 20
print(json.dumps({
    'processes': resource.getrlimit(resource.RLIMIT_NPROC)[1],
    'open_files': resource.getrlimit(resource.RLIMIT_NOFILE)[1],
    'file_mb': resource.getrlimit(resource.RLIMIT_FSIZE)[1] >> 20,
    'data_mb': size('/mnt/data'),
    'temporary_mb': size('/tmp'),
}))
`

/** The contract's programs for drivers that run Python. */
export const pythonPrograms: ContractPrograms = {
  print: 'print("hello")',
  set: 'answer = 42',
  get: 'answer',
  raise: 'raise ValueError("no")',
  raiseHalf: "raise ValueError('a\\ud800b')",
  value: '6 * 7',
  sleep: 'import time\ntime.sleep(60)',
  spin: 'while True:\n  try:\n    while True: pass\n  except BaseException: pass',
  dies: 'import os\nos.kill(os.getpid(), 9)',
  outOfMemory: 'x = bytearray(1 << 40)',
  limits,
}

/** Patient, because a busy machine is slow to interrupt; how fast it is shows in the benchmarks. */
export const patientSettings = { interrupt_ms: 2000, kill_ms: 2000 }
