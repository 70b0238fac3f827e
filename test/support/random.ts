export { seededRandom as createRandom, shuffled, type Random } from '../../src/cli/incident/seeded-random.ts'
