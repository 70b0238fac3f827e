import { priorities } from '../core/detection-facts.ts'

/** What is counted of detection: alerts by their priority, sandboxes that were ended for one, messages and sandboxes that were not heard. */
export const detectionEvents = [...priorities, 'ended', 'events-lost', 'unheard'] as const
