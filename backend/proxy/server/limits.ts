/** What one request may ask for. The schema has no cycles but introspection, so the depth guards that. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  parse,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

export const maxBodyBytes = 1024 * 1024;
export const maxTokens = 2_000;
const maxDepth = 20;
const maxAliases = 50;
/** More than a description of nothing but line breaks has; graphql counts them anew for the place of each error. */
const maxLines = 20_000;

/** @throws GraphQLError for a document that is too long or none. */
export function parseLimited(source: string): DocumentNode {
  let lines = 1;
  for (const _ of source.matchAll(/[\n\r]/g)) {
    lines += 1;
    if (lines > maxLines) throw new GraphQLError(`The query has more than ${maxLines} lines. Shorten it.`);
  }
  return parse(source, { maxTokens });
}

/** By their names. */
export function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** Depth through fragments, each measured once; a cycle of fragments is another rule's to refuse. */
function depthOf(document: DocumentNode): number {
  const fragments = fragmentsOf(document);
  const known = new Map<string, number>();

  function fragmentDepth(name: string): number {
    const measured = known.get(name);
    if (measured !== undefined) return measured;
    known.set(name, 0);
    const depth = setDepth(fragments.get(name)?.selectionSet);
    known.set(name, depth);
    return depth;
  }
  function setDepth(set: SelectionSetNode | undefined): number {
    let deepest = 0;
    for (const selection of set?.selections ?? []) {
      const depth =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragmentDepth(selection.name.value)
          : setDepth(selection.selectionSet) + (selection.kind === Kind.FIELD ? 1 : 0);
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }
  return Math.max(
    0,
    ...document.definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? setDepth(definition.selectionSet) : 0,
    ),
  );
}

/** Refuses documents that ask for more than a person's client ever would. */
export const limitRule: ValidationRule = (context) => {
  let aliases = 0;
  return {
    Document(document) {
      const depth = depthOf(document);
      if (depth <= maxDepth) return undefined;
      context.reportError(
        new GraphQLError(`The query is ${depth} levels deep; at most ${maxDepth} are allowed.`),
      );
      return false;
    },
    Field(field) {
      if (!field.alias) return;
      aliases += 1;
      if (aliases === maxAliases + 1) {
        context.reportError(new GraphQLError(`The query has more than ${maxAliases} aliases. Split it.`));
      }
    },
  };
};
