/** What is counted of detection: alerts by their priority, sandboxes that were ended for one, and what was not heard. */
export const detectionEvents = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'informational',
  'debug',
  'ended',
  'events-lost',
] as const
