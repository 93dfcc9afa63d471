/**
 * Checks a request against the schema before anything of it is executed, in time that grows with its length alone:
 * graphql repeats a whole input in each error about it, and tells in words alone where in it the error is.
 */
import {
  type ASTNode,
  coerceInputValue,
  type DocumentNode,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  specifiedRules,
  typeFromAST,
  validate,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { badRequest } from './graphql-errors.ts';
import { limitRule, parseLimited } from './limits.ts';
import type { GraphqlBody } from './request-body.ts';
import { maxWeights, weightOf } from './weight-of.ts';

/** A request is told of this many mistakes at most; who mends them is told of the others. */
const maxErrors = 10;
/** Documents that were found good: what clients send again and again is not read anew. */
const keptDocuments = 200;
const keptCharacters = 10_000;

/** Without errors it may be executed. */
export interface CheckedRequest {
  document?: DocumentNode;
  /** Left out where there is none of the name, or no name to tell several by: whoever executes it says so. */
  operation?: OperationDefinitionNode;
  /** Of the operation: as in backend/weight.ts. */
  weight: number;
  errors: readonly GraphQLFormattedError[];
}

export function createRequestCheck(schema: GraphQLSchema): (body: GraphqlBody) => CheckedRequest {
  const good = new LRUCache<string, DocumentNode>({ max: keptDocuments });
  return ({ query, operationName, variables = {} }) => {
    let document = good.get(query);
    if (!document) {
      try {
        document = parseLimited(query);
      } catch (thrown) {
        return { weight: 0, errors: [badRequest(thrown as GraphQLError, undefined)] };
      }
      const problems = validate(schema, document, [...specifiedRules, limitRule], { maxErrors });
      if (problems.length > 0) return { document, weight: 0, errors: documentErrors(document, problems) };
      if (query.length <= keptCharacters) good.set(query, document);
    }
    const operation = getOperationAST(document, operationName);
    if (!operation) return { document, weight: 0, errors: [] };
    const errors = variableErrors(schema, operation, variables);
    const weight = errors.length > 0 ? 0 : weightOf(schema, { document, operation, variables });
    return { document, operation, weight, errors: [...errors, ...weightErrors(operation, weight)] };
  };
}

/** What graphql begins its sentences with where the field is missing, or there is none of the name. */
const fieldInWords = [
  /^(?:Unknown argument|Argument|Field "\w+" argument) "(\w+)"/,
  /^Field "(?:\w+\.)?(\w+)" (?:of required type|is not defined by type)/,
];

function documentErrors(document: DocumentNode, problems: readonly GraphQLError[]): GraphQLFormattedError[] {
  const fields = fieldsAround(
    document,
    problems.flatMap(({ nodes }) => nodes?.[0] ?? []),
  );
  return problems.map((problem) => {
    const named = fieldInWords.map((words) => words.exec(problem.message)?.[1]).find(Boolean);
    const [node] = problem.nodes ?? [];
    return badRequest(problem, named ?? (node && fields.get(node)));
  });
}

/** For each of these nodes, the innermost argument or input field that it is in. */
function fieldsAround(document: DocumentNode, nodes: readonly ASTNode[]): Map<ASTNode, string> {
  const wanted = new Set(nodes);
  const around: string[] = [];
  const found = new Map<ASTNode, string>();
  visit(document, {
    enter(node) {
      if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) around.push(node.name.value);
      const innermost = around.at(-1);
      if (innermost !== undefined && wanted.has(node)) found.set(node, innermost);
    },
    leave(node) {
      if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) around.pop();
    },
  });
  return found;
}

/** As graphql's own check of variables does, which can not stop, and repeats each of them whole. */
function variableErrors(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): GraphQLFormattedError[] {
  const errors: GraphQLFormattedError[] = [];
  const tell = (message: string, field: string) => {
    errors.push(badRequest({ message }, field));
    if (errors.length === maxErrors) throw enough;
  };
  try {
    for (const { variable, type: typeNode, defaultValue } of variableDefinitions) {
      const name = variable.name.value;
      const type = typeFromAST(schema, typeNode);
      // What is no input type has been refused with the document.
      if (!isInputType(type)) continue;
      if (Object.hasOwn(variables, name)) {
        coerceInputValue(variables[name], type, (path, _value, { message }) => {
          const place = [name, ...path];
          tell(
            `Variable "$${name}" got an invalid value at "${place.join('.')}"; ${message}`,
            fieldAt(place, message),
          );
        });
      } else if (defaultValue === undefined && isNonNullType(type)) {
        tell(`Variable "$${name}" of required type "${type}" was not provided.`, name);
      }
    }
  } catch (thrown) {
    if (thrown !== enough) throw thrown;
  }
  return errors;
}

function weightErrors({ operation }: OperationDefinitionNode, weight: number): GraphQLFormattedError[] {
  const max = maxWeights[operation];
  if (weight <= max) return [];
  const times = Math.ceil(weight / max).toLocaleString('en');
  const message = `The answer could be ${times} times as long as is allowed. Ask for less: a smaller first or last, fewer lists in lists, or fewer aliases.`;
  return [badRequest({ message }, undefined)];
}

const enough = Symbol('enough errors');

/** A field that is missing, or that there is none of, is named in words, and its place is that of what holds it. */
function fieldAt(place: readonly (string | number)[], message: string): string {
  const named = /^Field "(.*)" (?:of required type|is not defined by type)/s.exec(message)?.[1];
  return named ?? String(place.findLast((part) => typeof part === 'string'));
}
