/** The web face of a server that knows nobody of this browser: by the link that it printed, or with a token. */
import { type FormEvent, useEffect, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Card from 'react-bootstrap/Card';
import Form from 'react-bootstrap/Form';
import { tokenSentence } from '../../proto/team-settings.ts';
import { onLinkFollowed, type WhySignIn } from './boot.ts';

export interface SignInProps {
  why: WhySignIn;
  onToken(token: string): void;
  /** The server's link was followed, here or in another tab. */
  onLink(): void;
}

const words: Readonly<Record<Exclude<WhySignIn, 'token'>, string>> = {
  first: 'If you started this server, open the link that it printed: it signs this browser in.',
  link: 'This link was used already, and works once. If you started this server, open the newest link that it printed.',
  session:
    'The server was started anew, and this browser is signed out. If you started it, open the link that it printed. What you typed is kept.',
  ended:
    'Your token has expired or was withdrawn, and you are signed out. Ask whoever runs the server for another. What you typed is kept.',
};

export function SignIn({ why, onToken, onLink }: SignInProps) {
  useEffect(() => onLinkFollowed(onLink), [onLink]);
  const refused = why === 'token';
  const [token, setToken] = useState('');
  const [malformed, setMalformed] = useState<string | null>(null);
  const refusal = refused ? 'The server did not accept this token.' : null;
  const problem = malformed ?? refusal;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = tokenSentence(token.trim());
    setMalformed(wrong);
    if (wrong === null) onToken(token.trim());
  };
  return (
    <main className="d-flex h-100 align-items-center justify-content-center p-3">
      <Card className="lone-words">
        <Card.Body as="form" onSubmit={submit} noValidate>
          <h1 className="h5 mb-3">Ticket Desk</h1>
          {!refused && <p role="status">{words[why]}</p>}
          <Form.Group controlId="token" className="mb-3">
            <Form.Label>Access token</Form.Label>
            <Form.Control
              type="password"
              autoComplete="current-password"
              autoFocus
              value={token}
              isInvalid={problem !== null}
              aria-describedby="token-help"
              onChange={(event) => {
                setToken(event.target.value);
                setMalformed(null);
              }}
            />
            {problem && (
              <Form.Control.Feedback type="invalid" role="alert">
                {problem} Check it, or ask whoever runs the server for another.
              </Form.Control.Feedback>
            )}
            <Form.Text id="token-help">
              One that you were given, or that is in the file api-token of the server's data folder. It is
              kept for this tab alone.
            </Form.Text>
          </Form.Group>
          <Button type="submit" className="w-100" disabled={token.trim() === ''}>
            Sign in
          </Button>
        </Card.Body>
      </Card>
    </main>
  );
}
