import type { ExecutionService, SessionFiles } from '../surfaces/executions.ts'
import type { Analysis } from './analysis.ts'

/** Programs of callers and the files of their sessions; what works on data is opened when somebody asks. */
export function programsOf(analysis: () => Promise<Analysis>): ExecutionService & SessionFiles {
  const executions = async () => (await analysis()).executions
  return {
    run: async (...asked) => (await executions()).run(...asked),
    putFile: async (...asked) => (await executions()).putFile(...asked),
    listFiles: async (...asked) => (await executions()).listFiles(...asked),
    readFile: async (...asked) => (await executions()).readFile(...asked),
    deleteFile: async (...asked) => (await executions()).deleteFile(...asked),
  }
}
