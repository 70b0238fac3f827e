export { seededRandom as createRandom, shuffled, type Random } from '../../src/core/seeded-random.ts'
