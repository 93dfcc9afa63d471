/** A text in the narrow sense of Markdown: paragraphs, lists, code, emphasis and links. Nothing else of it is drawn. */
import { memo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import './comment.css';

const allowed = ['p', 'ul', 'ol', 'li', 'code', 'pre', 'em', 'strong', 'blockquote', 'a', 'br'];

/** Addresses that a browser opens; any other is no link. */
const address = /^(https?:\/\/|mailto:)/i;

const components: Components = {
  // The window hands a new page to the person's own browser.
  a: ({ href, children }) =>
    href && address.test(href) ? (
      <a href={href} target="_blank" rel="noreferrer" title={href}>
        {children}
      </a>
    ) : (
      children
    ),
};

/** What is not drawn leaves its text; HTML is text as well, and nothing is ever loaded. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown text-break" dir="auto">
      <ReactMarkdown allowedElements={allowed} unwrapDisallowed components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});
