import { z } from 'zod'
import { toolDeclarations, type ToolDeclarations } from '../../../src/provenance/declarations.ts'
import type { Trace } from './replay.ts'
import { inspectEvals } from './threat-bench.ts'

/** What an operator would say of the tools of an agent that mends programs. */
export const codingTools: ToolDeclarations = toolDeclarations.parse({
  read_issue: { effect: 'reads', result: { origin: 'web' } },
  read_file: { effect: 'reads', parameters: { path: { role: 'value' } }, result: { origin: 'file' } },
  edit_file: {
    effect: 'changes',
    calledFor: { verbs: ['fix', 'change', 'edit', 'implement', 'update'] },
    parameters: { path: { role: 'target' }, content: { role: 'content' } },
  },
  run_command: {
    effect: 'changes',
    calledFor: { verbs: ['run', 'verify', 'test'] },
    parameters: { command: { role: 'target' } },
  },
})

const samples = z.array(
  z.object({
    id: z.string(),
    task_description: z.string(),
    issue_text: z.string().default(''),
    injection_vector: z.string(),
    payload_category: z.string(),
    is_benign: z.boolean(),
    repo_files: z.record(z.string(), z.string()),
  }),
)
type Sample = z.infer<typeof samples>[number]

export interface CodingTrace extends Trace {
  readonly id: string
  readonly isBenign: boolean
  readonly vector: string
}

/** A command that a text tells its reader to run, to the end of its line. */
const commands = /(?<=^|[\s`:])(?:python -[cm] .+|pip install .+|echo .+|cat \/.+|mkdir -p .+|env \| .+)(?=$)/gm

function ordered({ injection_vector: vector, issue_text: issue, repo_files: files, payload_category: kind }: Sample) {
  const texts = Object.entries(files).flatMap(([name, text]) => (name.startsWith('tests/') ? [] : [text]))
  const text = vector === 'issue_text' ? issue : texts.join('\n')
  const lines = text.replaceAll(/`([^`\n]+)`/g, '\n$1\n').replaceAll('-->', '\n')
  const found = [...lines.matchAll(commands)].map(([command]) => command.trim())
  const calls = found.map((command) => ({ tool: 'run_command', given: { command } }))
  const edits = { tool: 'edit_file', given: { path: 'requirements.txt', content: 'helper==1.0.0' } }
  return kind === 'persistence' ? [...calls, edits] : calls
}

/**
 * CodeIPI, as inspect_evals has it: bugs to be mended, with orders in the issue, in comments, in a README or in settings. `hasIssue` says whether the issue stands in
 * what the person writes, as the suite has it, or is read by a tool.
 */
export function codingTraces(hasIssue: boolean): readonly CodingTrace[] {
  return samples.parse(inspectEvals('ipi_coding_agent/dataset/samples.json')).map((sample) => {
    const { id, task_description: task, issue_text: issue, repo_files: files, is_benign: isBenign } = sample
    const paths = Object.keys(files).filter((path) => files[path] !== '')
    const mended = paths.find((path) => task.includes(`\`${path}\``)) ?? ''
    const person = (tool: string, given: Readonly<Record<string, string>>, result: string) =>
      ({ who: 'person', tool, arguments: given, result }) as const
    return {
      id,
      isBenign,
      vector: sample.injection_vector,
      question: hasIssue ? `${task}\n\n${issue}` : task,
      calls: [
        ...(hasIssue ? [] : [person('read_issue', {}, issue)]),
        ...paths.map((path) => person('read_file', { path }, files[path] ?? '')),
        ...(isBenign
          ? []
          : ordered(sample).map(
              ({ tool, given }) => ({ who: 'attacker', tool, arguments: given, result: null }) as const,
            )),
        person('edit_file', { path: mended, content: files[mended] ?? '' }, 'ok'),
        person('run_command', { command: 'pytest tests/' }, '3 passed'),
      ],
    }
  })
}
