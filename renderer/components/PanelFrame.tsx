/** The frame of what stands beside the list: a heading that names it, its actions, a way back, and the body. */
import { type ReactNode, type RefObject, useEffect, useId, useRef } from 'react';
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
  children: ReactNode;
}

export function PanelFrame({ title, actions, facts, footer, children }: PanelFrameProps) {
  const { back } = useNavigation();
  const headingId = useId();
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where the panel covers the list, what had the focus is hidden: the panel takes it, once the desk
    // (which returns the focus in the next frame) has found nothing better.
    const timer = setTimeout(() => {
      if (document.activeElement === document.body) section.current?.focus({ preventScroll: true });
    }, 100);
    return () => clearTimeout(timer);
  }, []);
  useFocusKept(section);
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
      <div className="panel-body flex-grow-1 overflow-auto px-3 py-3" tabIndex={0}>
        {children}
      </div>
      {footer && <footer className="px-3 py-2 border-top d-print-none">{footer}</footer>}
    </section>
  );
}

/** What had the focus may go, as a change that waited does once it is chosen on: then the keys go on in the body. */
function useFocusKept(section: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const panel = section.current;
    if (!panel) return;
    let last: EventTarget | null = null;
    const remember = ({ target }: FocusEvent) => {
      last = target;
    };
    const removals = new MutationObserver(() => {
      const isGone = last instanceof Element && !last.isConnected;
      if (isGone && document.activeElement === document.body)
        panel.querySelector<HTMLElement>('.panel-body')?.focus({ preventScroll: true });
    });
    panel.addEventListener('focusin', remember);
    removals.observe(panel, { childList: true, subtree: true });
    return () => {
      panel.removeEventListener('focusin', remember);
      removals.disconnect();
    };
  }, [section]);
}
