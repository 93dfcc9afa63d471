/** What the person should know since the start; each can be put away. */
import { useState } from 'react';
import Alert from 'react-bootstrap/Alert';

export function Notices({ notices }: { notices: readonly string[] }) {
  const [away, setAway] = useState<ReadonlySet<string>>(new Set());
  const shown = notices.filter((notice) => !away.has(notice));
  return (
    <div className="notices">
      {shown.map((notice) => (
        <Alert
          key={notice}
          variant="info"
          dismissible
          className="mb-0 py-2 rounded-0 border-0 border-bottom text-break"
          onClose={() => setAway(new Set([...away, notice]))}
        >
          {notice}
        </Alert>
      ))}
    </div>
  );
}
