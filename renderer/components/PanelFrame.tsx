/** The frame of what stands beside the list: a heading that names it, its actions, a way back, and the body. */
import { type ReactNode, type RefObject, useEffect, useId, useRef } from 'react';
import CloseButton from 'react-bootstrap/CloseButton';
import { useNavigation } from '../state/navigation.tsx';
import './panel.css';

export interface PanelFrameProps {
  title: ReactNode;
  /** Beside the heading. */
  aside?: ReactNode;
  actions?: ReactNode;
  /** Stays at the bottom while the body scrolls. */
  footer?: ReactNode;
  children: ReactNode;
}

export function PanelFrame({ title, aside, actions, footer, children }: PanelFrameProps) {
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
      {/* Only what stands beside the heading wraps: the actions stay where they are while it grows. */}
      <header className="d-flex gap-2 px-3 py-1 border-bottom">
        <h2 id={headingId} className="panel-heading h6 mb-0 text-nowrap">
          {title}
        </h2>
        <div className="d-flex flex-wrap align-items-center gap-2 flex-grow-1">{aside}</div>
        <div className="panel-actions d-flex align-items-center gap-2">
          {actions}
          <CloseButton aria-label="Close this panel" title="Close (Esc)" onClick={back} />
        </div>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
      <div className="panel-body flex-grow-1 overflow-auto px-3 py-3" tabIndex={0}>
        {children}
      </div>
      {footer && <footer className="px-3 py-2 border-top">{footer}</footer>}
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
