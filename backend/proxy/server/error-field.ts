/** Finds the input field that an error of graphql itself is about; graphql tells it in words alone. */
import { type ASTNode, type GraphQLError, Kind, parse, visit } from 'graphql';

/** `at "input.title"` of a variable, or the missing `Field "title"` of an input. */
function fieldInWords(message: string): string | undefined {
  const missing = /[Ff]ield "(?:\w+\.)?(\w+)" (?:of required type|is not defined)/.exec(message)?.[1];
  const unknown = /Field "(\w+)" is not defined by type/.exec(message)?.[1];
  const path = / at "\w*?\.?([\w.[\]]+)"/.exec(message)?.[1];
  const variable = /[Vv]ariable "\$(\w+)"/.exec(message)?.[1];
  const argument = /[Aa]rgument "(\w+)"/.exec(message)?.[1];
  const named =
    missing ??
    unknown ??
    path
      ?.replace(/\[\d+\]/g, '')
      .split('.')
      .at(-1) ??
    argument ??
    variable;
  return named || undefined;
}

/** The innermost argument or input field around the value at fault. */
function fieldAround(node: ASTNode, error: GraphQLError): string | undefined {
  const start = node.loc?.start;
  if (start === undefined || !error.source) return undefined;
  let found: string | undefined;
  try {
    visit(parse(error.source), {
      enter(candidate) {
        if (candidate.kind !== Kind.ARGUMENT && candidate.kind !== Kind.OBJECT_FIELD) return;
        const { loc } = candidate;
        if (loc && loc.start <= start && start < loc.end) found = candidate.name.value;
      },
    });
  } catch {
    return undefined;
  }
  return found;
}

export function fieldOf(error: GraphQLError): string | undefined {
  const named = fieldInWords(error.message);
  if (named) return named;
  const node = error.nodes?.[0];
  return node ? fieldAround(node, error) : undefined;
}
