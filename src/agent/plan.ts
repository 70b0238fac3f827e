import { z } from 'zod'
import { longestPlanStep, mostPlanSteps, planStatuses, planToolName, type PlanStep } from '../core/plan.ts'
import type { ToolSpecification } from '../models/model.ts'
import { readArguments, schemaOf } from '../tools/bound-tool.ts'

const input = z.strictObject({
  steps: z
    .array(
      z.strictObject({
        text: z.string().trim().min(1).max(longestPlanStep).describe('What is done, in a few words.'),
        status: z.enum(planStatuses),
      }),
    )
    .min(1)
    .max(mostPlanSteps)
    .describe('All steps, in their order.'),
})

/** What a model is told of the tool. */
export const planTool: ToolSpecification = {
  name: planToolName,
  description:
    'Shows the user your plan; it runs nothing. Say all of it each time. Call it beside other calls, never alone.',
  parameters: schemaOf(input),
}

/** What goes back to the model: words of the program's own, so that nothing of a plan comes back as anybody else's. */
const planShown = 'The plan is shown.'

/** That of every plan. */
export const planReport = {
  content: planShown,
  preview: planShown,
  leftOut: planShown,
  line: `${planToolName}: ${planShown}`,
  correctable: false,
} as const

/** The plan of one run. */
export class RunPlan {
  #shown = ''

  /** Reads what a model wrote; a sentence for the model where it is no plan. */
  read(
    argumentsText: string,
  ):
    | { readonly kind: 'ready'; readonly steps: readonly PlanStep[] }
    | { readonly kind: 'invalid'; readonly message: string } {
    const read = readArguments(input, argumentsText)
    if (read.kind === 'invalid') return read
    // A step is a line, wherever it is shown.
    const steps = read.value.steps.map(({ text, status }) => ({ text: text.replaceAll(/[\s\u0085]+/g, ' '), status }))
    return { kind: 'ready', steps }
  }

  /** Is it another plan than the one that was shown last? */
  isNew(steps: readonly PlanStep[]): boolean {
    const before = this.#shown
    this.#shown = JSON.stringify(steps)
    return this.#shown !== before
  }
}
