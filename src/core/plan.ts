/** The tool by which the analyst's model says its plan. It runs nothing, and no group is granted it. */
export const planToolName = 'update_plan'

export const planStatuses = ['pending', 'in_progress', 'completed'] as const

/** A step of a plan: a model's words on one line, untrusted until they were screened. */
export interface PlanStep {
  readonly text: string
  readonly status: (typeof planStatuses)[number]
}

/** The most steps of one plan. */
export const mostPlanSteps = 12
/** Characters of one step. */
export const longestPlanStep = 200

const marks: Readonly<Record<PlanStep['status'], string>> = { completed: '✔', in_progress: '▸', pending: '○' }

export const markOfStep = ({ status }: Pick<PlanStep, 'status'>): string => marks[status]

/** A plan as the lines of a list of Markdown, its words as they are. */
export const planLines = (steps: readonly PlanStep[]): readonly string[] =>
  steps.map((step) => `- ${markOfStep(step)} ${step.text}`)

/** The steps that such a list has; other lines are none. */
export function stepsOfLines(text: string): readonly PlanStep[] {
  return text.split('\n').flatMap((line) => {
    const status = planStatuses.find((each) => line.startsWith(`- ${marks[each]} `))
    return status === undefined ? [] : [{ text: line.slice('- ✔ '.length), status }]
  })
}

/** Stands for each step of a plan whose lines a filter has made fewer or more. */
const withheldStep = '[withheld by a filter]'

/** All words of a plan as one text, a line each, so that what is split over steps is read as what it is. */
export const wordsOfPlan = (steps: readonly PlanStep[]): string => steps.map(({ text }) => text).join('\n')

/** The plan with the lines of another text in the places of its words. */
export function withPlanWords(steps: readonly PlanStep[], words: string): readonly PlanStep[] {
  const lines = words.split('\n')
  return steps.map(({ status }, at) => ({
    text: lines.length === steps.length ? (lines[at] ?? withheldStep) : withheldStep,
    status,
  }))
}
