/** A text in the narrow sense of Markdown: paragraphs, lists, code, emphasis and links. Nothing else of it is drawn. */
import { memo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import { isVisible, shownText } from '../../proto/visible-text.ts';
import { OutwardLink } from './LinkedText.tsx';
import { textParts } from './web-addresses.ts';
import './comment.css';

/** What is drawn of it. */
const drawn = new Set(
  'paragraph list listItem inlineCode code emphasis strong blockquote break text linkReference link'.split(
    ' ',
  ),
);
const holdsBlocks = new Set(['root', 'blockquote', 'listItem']);

/** Addresses that a browser opens; any other is no link. */
const address = /^(https?:\/\/|mailto:)/i;

interface Node {
  type: string;
  value?: string;
  url?: string;
  children?: Node[];
  position?: { start: { offset?: number }; end: { offset?: number } };
}

const isDrawn = ({ type, url = '' }: Node) => drawn.has(type) && (type !== 'link' || address.test(url));

const textOf = ({ value = '', children = [] }: Node): string => value + children.map(textOf).join('');

/** HTML, pictures, headings, the target of a link and what else is not drawn are texts as well: none is out of sight. */
function leaveAsTyped() {
  return (tree: Node, file: unknown): void => {
    const typed = ({ position }: Node): Node => ({
      type: 'text',
      value: String(file).slice(position?.start.offset, position?.end.offset),
    });
    const visit = (parent: Node): void => {
      if (!parent.children) return;
      parent.children = parent.children.flatMap((node) => {
        visit(node);
        if (isDrawn(node)) return [node];
        const text = typed(node);
        const block = holdsBlocks.has(parent.type) ? { type: 'paragraph', children: [text] } : text;
        // It draws nothing itself, and links point to it.
        return node.type === 'definition' ? [block, node] : [block];
      });
    };
    visit(tree);
    // As of a link without words.
    if (!isVisible(textOf(tree))) tree.children = [{ type: 'paragraph', children: [typed(tree)] }];
  };
}

/** A bare address is a link too, beside those that are written as links. */
function linkAddresses() {
  const visit = (parent: Node): void => {
    if (!parent.children || isLink(parent)) return;
    parent.children = parent.children.flatMap((node) => {
      visit(node);
      return node.type === 'text' ? linked(node.value ?? '') : [node];
    });
  };
  return visit;
}

const isLink = ({ type }: Node) => type === 'link' || type === 'linkReference';

const linked = (value: string): Node[] =>
  textParts(value).map(({ text, isAddress }) => {
    const shown = { type: 'text', value: text };
    return isAddress ? { type: 'link', url: text, children: [shown] } : shown;
  });

const components: Components = {
  a: ({ href, children }) =>
    href && address.test(href) ? <OutwardLink to={href}>{children}</OutwardLink> : children,
};

/** Nothing is ever loaded. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown text-break" dir="auto">
      <ReactMarkdown remarkPlugins={[leaveAsTyped, linkAddresses]} components={components}>
        {shownText(text)}
      </ReactMarkdown>
    </div>
  );
});
