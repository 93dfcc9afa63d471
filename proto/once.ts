/** Calls it once, when it is asked first; whoever asks later gets the same, be it a promise that is still under way. */
export function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
