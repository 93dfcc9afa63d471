/** Properties and fuzzers: how many inputs they try and of which seed, the same for all of them. */
import fc from 'fast-check';
import { corpus } from './corpus.ts';

/** Inputs of one property in a usual run, and what FUZZ_INPUTS sets in its place. */
const usualInputs = 500;
const inputs = Number(process.env.FUZZ_INPUTS ?? usualInputs);
const seed = process.env.FUZZ_SEED === undefined ? undefined : Number(process.env.FUZZ_SEED);

/** Of the seed, which a failure tells with the smallest input that it was seen with: FUZZ_SEED repeats it. */
export async function holdsForAll<Input>(
  inputsOf: fc.Arbitrary<Input>,
  holds: (input: Input) => unknown,
): Promise<void> {
  const property = fc.asyncProperty(inputsOf, async (input) => {
    await holds(input);
  });
  await fc.assert(property, { numRuns: inputs, ...(seed !== undefined && { seed }) });
}

/** Those of the corpus, and texts of any characters, halves of pairs and controls included, as often of these pieces as not. */
export function textOf(...pieces: string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...pieces),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(piece, { maxLength: 20 }).map((texts) => texts.join('')) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(corpus)) },
  );
}
