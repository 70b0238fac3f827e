import { priorities } from '../core/detection-facts.ts'

/** What is counted of detection: alerts by their priority, sandboxes that were ended for one, and what was not heard. */
export const detectionEvents = [...priorities, 'ended', 'events-lost'] as const
