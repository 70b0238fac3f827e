/** What is known of whether gVisor really is what runs, in the words of the badge. */
export interface GvisorBadge {
  readonly text: string
  readonly kind: 'good' | 'warning' | 'danger'
  readonly about: string
}

export function gvisorBadge(gvisor: 'proven' | 'unproven' | 'failed'): GvisorBadge {
  if (gvisor === 'proven') {
    return {
      text: 'gVisor: proven',
      kind: 'good',
      about: 'The kernel of each container said so, and the proof of the walls holds.',
    }
  }
  if (gvisor === 'failed') {
    return {
      text: 'gVisor: the proof failed',
      kind: 'danger',
      about: 'The last proof of the walls did not hold: nothing runs behind them.',
    }
  }
  return {
    text: 'gVisor: not proven yet',
    kind: 'warning',
    about: 'No container has started yet, so none has said what its kernel is.',
  }
}

const states: Readonly<Record<string, string>> = {
  ready: 'ready for whoever asks',
  idle: 'held, nothing runs',
  running: 'runs',
  ending: 'ends',
}

export const stateText = (state: string): string => states[state] ?? state
