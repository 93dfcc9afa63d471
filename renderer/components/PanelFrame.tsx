/** The frame of what stands beside the list: a heading that names it, its actions, a way back, and the body. */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import CloseButton from 'react-bootstrap/CloseButton';
import { useNavigation } from '../state/navigation.tsx';
import './panel.css';

export interface PanelFrameProps {
  title: ReactNode;
  actions?: ReactNode;
  /** Below the heading. */
  facts?: ReactNode;
  /** Stays at the bottom while the body scrolls. */
  footer?: ReactNode;
  /** The keys go on in it, and not in the list. */
  takesFocus?: boolean;
  children: ReactNode;
}

export function PanelFrame({ title, actions, facts, footer, takesFocus = false, children }: PanelFrameProps) {
  const { back } = useNavigation();
  const headingId = useId();
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    const take = () => {
      const { activeElement } = document;
      const isOwn = section.current?.contains(activeElement);
      if (takesFocus ? !isOwn : activeElement === document.body)
        section.current?.focus({ preventScroll: true });
    };
    if (takesFocus) take();
    // Where the panel covers the list, what had the focus is hidden, and a menu that is just closing gives it back in
    // the next frame.
    const timer = setTimeout(take, 100);
    return () => clearTimeout(timer);
  }, [takesFocus]);
  return (
    <section
      ref={section}
      tabIndex={-1}
      className="panel-frame d-flex flex-column h-100"
      aria-labelledby={headingId}
    >
      <header className="d-flex flex-shrink-0 flex-wrap align-items-center gap-2 p-2 ps-3 border-bottom">
        <h2 id={headingId} className="col h6 mb-0 text-truncate">
          {title}
        </h2>
        {actions}
        <CloseButton
          className="d-print-none"
          aria-label="Close this panel"
          title="Close (Esc)"
          onClick={back}
        />
        {/* On lines of their own: the actions stay where they are while these come and grow. */}
        {facts && <div className="d-flex flex-wrap gap-2 w-100">{facts}</div>}
      </header>
      <section
        className="panel-body flex-grow-1 overflow-auto px-3 py-3"
        aria-label="Contents"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
        tabIndex={0}
      >
        {children}
      </section>
      {footer && <footer className="px-3 py-2 border-top d-print-none">{footer}</footer>}
    </section>
  );
}
