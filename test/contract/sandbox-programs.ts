import type { ContractPrograms } from './sandbox-contract.ts'

/** The contract's programs for drivers that run Python. */
export const pythonPrograms: ContractPrograms = {
  print: 'print("hello")',
  set: 'answer = 42',
  get: 'answer',
  raise: 'raise ValueError("no")',
  value: '6 * 7',
  sleep: 'import time\ntime.sleep(60)',
  spin: 'while True:\n  try:\n    while True: pass\n  except BaseException: pass',
  dies: 'import os\nos.kill(os.getpid(), 9)',
  outOfMemory: 'x = bytearray(1 << 40)',
}

/** Patient, because a busy machine is slow to interrupt; how fast it is shows in the benchmarks. */
export const patientSettings = { interrupt_ms: 2000, kill_ms: 2000 }
