/** A pattern that is expected of a text is tried on it. Without this toMatchObject() takes any text for any pattern. */
import { expect } from 'vitest';

expect.addEqualityTesters([
  (told, expected) =>
    expected instanceof RegExp && typeof told === 'string' ? expected.test(told) : undefined,
]);
